import { FAILED } from '../plan/assigner.ts';
import { FailureTally } from './failures.ts';
import { IdentityRepeats } from './identity-repeats.ts';
import type { Plan } from '../plan/plan.ts';
import { type BrokenLine, MAX_BROKEN, type PreviewRow, type Tally } from './tally.ts';

/** The number of units whose cells are buffered before pairs are counted; fits the processor's cache. */
const BATCH = 512;

/** The options of a {@link UnitCounter}. */
export interface CounterOptions {
  /** The number of first units that are kept in full. */
  readonly preview: number;
  /** True if identities may repeat, as in real contexts. */
  readonly watchRepeats: boolean;
}

/** Counts units. It runs once for each unit, so it allocates nothing per unit. */
export class UnitCounter {
  private readonly plan: Plan;
  private readonly options: CounterOptions;
  private readonly cells: Uint32Array;
  private readonly failed: Uint32Array;
  private readonly pairs: Uint32Array;
  private readonly failures: readonly FailureTally[];
  private readonly repeats: IdentityRepeats | undefined;
  private readonly preview: PreviewRow[] = [];
  private readonly broken: BrokenLine[] = [];
  /** The cells of this batch's units, for each experiment. */
  private readonly batch: readonly Int32Array[];
  private brokenCount = 0;
  private filled = 0;
  private count = 0;

  constructor(plan: Plan, options: CounterOptions) {
    this.plan = plan;
    this.options = options;
    this.cells = new Uint32Array(plan.cellCount);
    this.failed = new Uint32Array(plan.assigners.length);
    this.pairs = new Uint32Array(plan.pairSize);
    this.failures = plan.assigners.map(() => new FailureTally());
    this.repeats = options.watchRepeats ? new IdentityRepeats(plan) : undefined;
    this.batch = plan.assigners.map(() => new Int32Array(BATCH));
  }

  /** Decides all experiments for a unit, and counts it. */
  add(context: object, unit: number): void {
    // Stack traces are never shown, and capturing one costs four times as much as the rest of an error.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    this.decide(context, unit);
    Error.stackTraceLimit = limit;
    this.repeats?.add(context);
    this.count++;
    this.filled++;
    if (this.filled === BATCH) this.flush();
  }

  private decide(context: object, unit: number): void {
    const { assigners } = this.plan;
    const at = this.filled;
    for (let e = 0; e < assigners.length; e++) {
      const assigner = assigners[e];
      const column = this.batch[e];
      if (assigner === undefined || column === undefined) continue;
      const cell = assigner.assign(context, unit);
      column[at] = cell;
      if (cell === FAILED && assigner.failure !== undefined) {
        this.failures[e]?.note(assigner.failure, unit);
      }
    }
    if (unit < this.options.preview) {
      this.preview.push({ unit, cells: this.batch.map((column) => column[at] ?? FAILED) });
    }
  }

  /** Counts a line without a context. */
  addBroken(broken: BrokenLine): void {
    this.brokenCount++;
    if (this.broken.length < MAX_BROKEN) this.broken.push(broken);
  }

  /** Returns the counts so far. */
  tally(stopped: boolean): Tally {
    this.flush();
    return {
      units: this.count,
      cells: this.cells,
      failed: this.failed,
      pairs: this.pairs,
      failures: this.failures.map((tally) => tally.toEntries()),
      repeats: this.repeats?.toCounts() ?? [],
      preview: this.preview,
      broken: this.broken,
      brokenCount: this.brokenCount,
      stopped,
    };
  }

  private flush(): void {
    this.countCells();
    this.countPairs();
    this.filled = 0;
  }

  private countCells(): void {
    const { cells, failed, filled } = this;
    for (const [e, column] of this.batch.entries()) {
      const offset = this.plan.offsets[e] ?? 0;
      for (let i = 0; i < filled; i++) {
        const cell = column[i] ?? FAILED;
        if (cell === FAILED) failed[e] = (failed[e] ?? 0) + 1;
        else cells[offset + cell] = (cells[offset + cell] ?? 0) + 1;
      }
    }
  }

  private countPairs(): void {
    const { pairs: counts, filled, plan } = this;
    for (const { a, b, offset } of plan.pairs) {
      const rows = this.batch[a];
      const columns = this.batch[b];
      const width = plan.assigners[b]?.cells.length ?? 0;
      if (rows === undefined || columns === undefined) continue;
      for (let i = 0; i < filled; i++) {
        const row = rows[i] ?? FAILED;
        const column = columns[i] ?? FAILED;
        if ((row | column) < 0) continue;
        const at = offset + row * width + column;
        counts[at] = (counts[at] ?? 0) + 1;
      }
    }
  }
}
