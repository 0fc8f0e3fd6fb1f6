import { randomBytes } from 'node:crypto';
import { boundedQuery, type QueryLimits } from './bounded-query.ts';
import type { Engine, EngineRow, RecordSources } from './engine.ts';
import type { AnalysisPlan } from './plan/analysis-plan.ts';
import type { MomentRows } from './rows/moment-rows.ts';
import { readMomentRows } from './rows/read-moment-rows.ts';
import { type StoredStatements, storedStatements } from './sql/moment-statement.ts';

/** The longest time for dropping stored rows, in milliseconds; the engine may still be busy. */
const DROP_MS = 5000;

/** An engine that can store rows. */
export type StoringEngine = Engine & Required<Pick<Engine, 'store' | 'drop'>>;

/** Returns true if an engine can store rows, and drop them. */
export function canStore(engine: Engine): engine is StoringEngine {
  return typeof engine.store === 'function' && typeof engine.drop === 'function';
}

/** An analysis whose units are stored, so that the totals and the time line read the records once. */
export class StoredRun {
  readonly #engine: StoringEngine;
  readonly #plan: AnalysisPlan;
  readonly #limits: QueryLimits;
  readonly #statements: StoredStatements;
  readonly #names: string[] = [];
  readonly #rows: EngineRow[] = [];

  constructor(
    engine: StoringEngine,
    sources: RecordSources,
    plan: AnalysisPlan,
    limits: QueryLimits,
  ) {
    this.#engine = engine;
    this.#plan = plan;
    this.#limits = limits;
    // Analyses that run at the same time on one engine must not share names.
    const prefix = `evenhand_${randomBytes(6).toString('hex')}_`;
    this.#statements = storedStatements(plan, engine.dialect, sources, prefix);
  }

  /** Stores the units and returns the rows besides those of the time line. */
  totals(onProgress: (share: number) => void): Promise<MomentRows> {
    return this.#run(this.#statements, onProgress);
  }

  /** Returns all rows. Call it after {@link totals}. */
  timeLine(onProgress: (share: number) => void): Promise<MomentRows> {
    return this.#run(this.#statements.timeLine, onProgress);
  }

  /** Drops what was stored. Never rejects; an engine that does not react is not awaited for long. */
  async end(): Promise<void> {
    const names = this.#names.splice(0);
    if (names.length === 0) return;
    const limits = {
      deadline: performance.now() + DROP_MS,
      timeoutMs: DROP_MS,
      graceMs: 0,
    };
    // An engine that has failed may fail again, which is no reason to lose the result.
    await boundedQuery(
      () => this.#engine.drop(names),
      limits,
      () => {},
    ).catch(() => {});
  }

  async #run(
    { stores, queries }: Pick<StoredStatements, 'stores' | 'queries'>,
    onProgress: (share: number) => void,
  ): Promise<MomentRows> {
    const engine = this.#engine;
    const count = stores.length + queries.length;
    let done = 0;
    const step = async <Value>(
      run: (options: Parameters<Engine['query']>[1]) => Promise<Value>,
    ): Promise<Value> => {
      onProgress(done / count);
      const value = await boundedQuery(run, this.#limits, (share) =>
        onProgress((done + share) / count),
      );
      done++;
      return value;
    };
    for (const { name, select } of stores) {
      this.#names.push(name);
      await step((limit) => engine.store(name, select, limit));
    }
    for (const query of queries) {
      this.#rows.push(...(await step((limit) => engine.query(query, limit))));
    }
    const rows = readMomentRows(this.#rows, this.#plan);
    onProgress(1);
    return rows;
  }
}
