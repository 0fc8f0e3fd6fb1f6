import { AnalysisError } from '../errors/analysis-error.ts';
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
 * Runs the statements of an analysis; first without the time line, so that there is a result if that takes
 * too long. If there are no exposures with the plan's checksum, those of the latest one are analysed.
 *
 * @param planFor returns the plan for another checksum
 * @throws AnalysisError (`analysis`) if the database fails
 */
export async function computeRows(
  options: AnalyzeOptions,
  planned: AnalysisPlan,
  planFor: (checksum: string) => AnalysisPlan,
): Promise<Computed> {
  const { engine, signal, onProgress, timeoutMs = TIMEOUT_MS } = options;
  const sources = options.sources ?? engine?.sources;
  if (engine === undefined) {
    throw new AnalysisError('analyze() needs an "engine", such as duckdbEngine(), or "rows"');
  }
  if (sources === undefined) {
    throw new AnalysisError(
      'the engine has no records; pass "sources" with exposures and outcomes',
    );
  }
  const limits = { deadline: performance.now() + timeoutMs, timeoutMs, signal };
  const run = (plan: AnalysisPlan, step: AnalysisStep): Promise<MomentRows> =>
    runStatement(engine, sources, plan, limits, (share) => onProgress?.(step, share));
  let plan = planned;
  let rows = await run({ ...plan, timeLine: false }, 'records');
  const warnings: ResultWarning[] = [];
  const other = options.checksum === undefined ? latestChecksum(plan, rows) : undefined;
  if (other !== undefined) {
    warnings.push(runWarnings.otherChecksum(plan.checksum, other));
    plan = planFor(other);
    rows = await run({ ...plan, timeLine: false }, 'records');
  }
  let partial = false;
  if (plan.timeLine) {
    try {
      rows = await run(plan, 'time-line');
    } catch (error) {
      if (ownError(error) === undefined && signal?.aborted !== true) throw error;
      partial = true;
      warnings.push(runWarnings.noTimeLine(thrownMessage(error)));
    }
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

async function runStatement(
  engine: Engine,
  sources: RecordSources,
  plan: AnalysisPlan,
  limits: QueryLimits,
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
