import { OptionError } from '../errors/usage-errors.ts';
import { ownError } from '../errors/evenhand-error.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { AnalysisStep, AnalyzeOptions } from './analyze-options.ts';
import { boundedQuery, type QueryLimits } from './bounded-query.ts';
import type { Engine, RecordSources, UnreadableLines } from './engine.ts';
import type { AnalysisPlan } from './plan/analysis-plan.ts';
import type { ResultWarning } from './result/result.ts';
import { runWarnings } from './result/words/run-warnings.ts';
import type { MomentRows } from './rows/moment-rows.ts';
import { readMomentRows } from './rows/read-moment-rows.ts';
import { momentStatement } from './sql/moment-statement.ts';
import { canStore, StoredRun } from './stored-run.ts';

/** The longest time for all statements together, unless another is given: ten minutes. */
const TIMEOUT_MS = 600_000;

/** The moments of an analysis, and what happened while they were computed. */
export interface Computed {
  readonly plan: AnalysisPlan;
  readonly rows: MomentRows;
  readonly partial: boolean;
  readonly warnings: readonly ResultWarning[];
  readonly unreadable: readonly UnreadableLines[];
}

/**
 * Runs the statements of an analysis; those of the time line last, so that there is a result if they take too
 * long. If there are no exposures with the plan's checksum, those of the latest one are analysed.
 *
 * @param planFor returns the plan for another checksum
 * @throws AnalysisError (`analysis`) if the database fails
 * @throws OptionError (`option`) without an engine or its records
 */
export async function computeRows(
  options: AnalyzeOptions,
  planned: AnalysisPlan,
  planFor: (checksum: string) => AnalysisPlan,
): Promise<Computed> {
  const { engine, signal, onProgress, timeoutMs = TIMEOUT_MS } = options;
  const sources = options.sources ?? engine?.sources;
  if (engine === undefined) {
    throw new OptionError('analyze(): set "engine", such as duckdbEngine(), or "rows"');
  }
  if (sources === undefined) {
    throw new OptionError(
      'analyze(): the engine has no records; set "sources", with exposures and outcomes',
    );
  }
  const limits = { deadline: performance.now() + timeoutMs, timeoutMs, signal };
  const report = (step: AnalysisStep) => (share: number) => onProgress?.(step, share);
  const database = { engine, sources, limits, report };
  const warnings: ResultWarning[] = [];
  let plan = planned;
  let read = await readTotals(database, plan);
  let partial = false;
  let { rows } = read;
  try {
    const other = options.checksum === undefined ? latestChecksum(plan, rows) : undefined;
    if (other !== undefined) {
      warnings.push(runWarnings.otherChecksum(plan.checksum, other));
      plan = planFor(other);
      await read.end();
      read = await readTotals(database, plan);
      rows = read.rows;
    }
    if (plan.timeLine) {
      try {
        rows = await read.timeLine();
      } catch (error) {
        if (ownError(error) === undefined && signal?.aborted !== true) throw error;
        partial = true;
        warnings.push(runWarnings.noTimeLine(thrownMessage(error)));
      }
    }
  } finally {
    await read.end();
  }
  const unreadable = await readUnreadable(engine, limits);
  if (unreadable === undefined) warnings.push(runWarnings.notCounted());
  return {
    plan,
    rows,
    partial: partial || unreadable === undefined,
    warnings,
    unreadable: unreadable ?? [],
  };
}

/** The records of an analysis, and the way to report how far their reading is. */
interface Database {
  readonly engine: Engine;
  readonly sources: RecordSources;
  readonly limits: QueryLimits;
  readonly report: (step: AnalysisStep) => (share: number) => void;
}

/** The rows besides those of the time line. */
interface ReadTotals {
  readonly rows: MomentRows;
  /** Returns all rows. */
  readonly timeLine: () => Promise<MomentRows>;
  /** Removes what the engine has stored. */
  readonly end: () => Promise<void>;
}

const NOTHING_STORED = (): Promise<void> => Promise.resolve();

/**
 * Reads the totals. An engine that can store rows keeps the units for the time line; if it fails at that, the
 * totals are read by a statement that needs less memory.
 */
async function readTotals(database: Database, plan: AnalysisPlan): Promise<ReadTotals> {
  const { engine, sources, limits, report } = database;
  const totals = { ...plan, timeLine: false };
  const single = (): Promise<MomentRows> => runStatement(database, totals, report('records'));
  if (!plan.timeLine || !canStore(engine)) {
    return {
      rows: await single(),
      timeLine: () => runStatement(database, plan, report('time-line')),
      end: NOTHING_STORED,
    };
  }
  const run = new StoredRun(engine, sources, plan, limits);
  try {
    return {
      rows: await run.totals(report('records')),
      timeLine: () => run.timeLine(report('time-line')),
      end: () => run.end(),
    };
  } catch (error) {
    await run.end();
    if (ownError(error) === undefined) throw error;
    return { rows: await single(), timeLine: () => Promise.reject(error), end: NOTHING_STORED };
  }
}

async function runStatement(
  { engine, sources, limits }: Database,
  plan: AnalysisPlan,
  onProgress: (share: number) => void,
): Promise<MomentRows> {
  onProgress(0);
  const sql = momentStatement(plan, engine.dialect, sources);
  const found = await boundedQuery((limit) => engine.query(sql, limit), limits, onProgress);
  const rows = readMomentRows(found, plan);
  onProgress(1);
  return rows;
}

/** Returns the checksum with the latest exposure if the plan's has none; undefined otherwise. */
function latestChecksum({ checksum }: AnalysisPlan, { checksums }: MomentRows): string | undefined {
  const used = checksums.filter(({ exposures }) => exposures > 0);
  if (used.length === 0 || used.some((row) => row.checksum === checksum)) return undefined;
  return used.reduce((a, b) => (b.last > a.last ? b : a)).checksum;
}

/** Returns undefined if the lines could not be counted, which is no reason to lose the result. */
async function readUnreadable(
  { unreadable }: Engine,
  limits: QueryLimits,
): Promise<readonly UnreadableLines[] | undefined> {
  if (unreadable === undefined) return [];
  try {
    return await boundedQuery(
      () => unreadable(),
      limits,
      () => {},
    );
  } catch {
    return undefined;
  }
}
