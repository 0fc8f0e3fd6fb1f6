import { bucketOfText } from '../../hash/bucket.ts';
import { Assigners } from '../simulate/plan/assigners.ts';
import { readContextRow } from '../simulate/input/context-rows.ts';
import type { PrepareContext } from '../contexts/prepare-context.ts';
import type { Control } from '../simulate/count/count-units.ts';
import { readLines } from '../simulate/input/read-lines.ts';
import { type BrokenLine, MAX_BROKEN } from '../simulate/count/tally.ts';
import type { Comparison } from './compare-experiment.ts';
import { add, type Movement, movementOf } from './movement.ts';
import { holdsOutTheSame } from './holdouts/held-shares.ts';
import { ShownVariant } from '../simulate/plan/shown-variant.ts';
import { onlyRemoved } from './sticky-moves.ts';
import type { DecidingState } from './time-line/deciding-states.ts';

/** The movement of real contexts. */
export interface ContextMovement extends Movement {
  /** The number of contexts with a variant both before and after. */
  readonly units: number;
  /** The number of contexts without a variant before or after, because a rule or an identity failed. */
  readonly failed: number;
}

/** The result for a file of contexts. */
export interface CountedMoves {
  /** For each comparison, in order. */
  readonly movements: readonly ContextMovement[];
  readonly units: number;
  readonly brokenLines: readonly BrokenLine[];
  readonly brokenLineCount: number;
  /** True if reading stopped before the end. */
  readonly partial: boolean;
}

/** The number of lines between two checks of the control. */
const STRIDE = 256;

/** Functions that make contexts from JSON like those of the application, before and after. */
export interface PrepareBoth {
  readonly before: PrepareContext;
  readonly after: PrepareContext;
}

const UNCHANGED: PrepareBoth = { before: (context) => context, after: (context) => context };

/** A change whose moves are counted. */
export interface CountedComparison {
  readonly comparison: Comparison;
  readonly before: DecidingState;
  readonly after: DecidingState;
}

/** One context as each file declares it. */
interface Contexts {
  readonly before: object;
  readonly after: object;
}

/** A side of one or more changes, which share what it remembers. */
class Side {
  readonly assigners: Assigners;
  private readonly addInstant: PrepareContext;
  private given: object | undefined;
  private made: object | undefined;

  constructor({ lookUp, addInstant }: DecidingState) {
    this.assigners = new Assigners(lookUp, bucketOfText);
    this.addInstant = addInstant;
  }

  /** Returns the context that rules read. */
  contextOf(context: object): object {
    if (this.given !== context || this.made === undefined) {
      this.given = context;
      this.made = this.addInstant(context);
    }
    return this.made;
  }
}

/** Counts the moves of one comparison. */
class MoveCounter {
  readonly comparison: Comparison;
  private readonly sides: { readonly before: Side; readonly after: Side };
  private readonly before: ShownVariant;
  private readonly after: ShownVariant;
  private readonly counts = new Map<string, Map<string, number>>();
  private units = 0;
  private failed = 0;

  constructor(comparison: Comparison, before: Side, after: Side) {
    this.comparison = comparison;
    this.sides = { before, after };
    const { holdouts } = comparison;
    const [one, other] = [
      before.assigners.of(comparison.before),
      after.assigners.of(comparison.after),
    ];
    this.before = new ShownVariant(one, holdouts.before, bucketOfText);
    this.after = new ShownVariant(other, holdouts.after, bucketOfText);
  }

  add({ before, after }: Contexts, unit: number): void {
    const { sides } = this;
    const from = this.before.of(sides.before.contextOf(before), unit);
    const to = this.after.of(sides.after.contextOf(after), unit);
    if (from === undefined || to === undefined) this.failed++;
    else {
      this.units++;
      add(this.counts, from, to, 1);
    }
  }

  movement(parked: ReadonlySet<string>): ContextMovement {
    const { before, after } = this.comparison;
    const names = ({ spec }: Comparison['before']): string[] => spec.variants.map((v) => v.name);
    const drawn = before.identity === undefined;
    const movement = movementOf(this.counts, names(before), names(after), parked, drawn);
    // A holdout moves participants of sticky experiments too.
    const isKept = this.comparison.sticky && holdsOutTheSame(this.comparison.holdouts);
    return {
      ...(isKept ? onlyRemoved(movement, after.spec, parked) : movement),
      units: this.units,
      failed: this.failed,
    };
  }
}

/**
 * Counts the moves of contexts from a stream of lines, each a JSON object.
 */
export async function countMoves(
  comparisons: readonly CountedComparison[],
  chunks: AsyncIterable<Uint8Array | string>,
  parked: ReadonlySet<string>,
  control: Control,
  prepare: PrepareBoth = UNCHANGED,
): Promise<CountedMoves> {
  const sides = new Map<DecidingState, Side>();
  const sideOf = (state: DecidingState): Side => {
    const side = sides.get(state) ?? new Side(state);
    sides.set(state, side);
    return side;
  };
  const counters = comparisons.map(
    ({ comparison, before, after }) => new MoveCounter(comparison, sideOf(before), sideOf(after)),
  );
  const broken: BrokenLine[] = [];
  let brokenLineCount = 0;
  let units = 0;
  for await (const line of readLines(chunks, () => true)) {
    if (line.index % STRIDE === 0) control.report(STRIDE);
    if (control.stopped()) break;
    const row = readContextRow(line);
    if (row.kind === 'broken') {
      brokenLineCount++;
      if (broken.length < MAX_BROKEN) broken.push({ line: line.index + 1, message: row.message });
    }
    if (row.kind !== 'context') continue;
    units++;
    const contexts = {
      before: prepare.before(row.context),
      after: prepare.after(row.context),
    };
    for (const counter of counters) counter.add(contexts, line.index);
  }
  return {
    movements: counters.map((counter) => counter.movement(parked)),
    units,
    brokenLines: broken,
    brokenLineCount,
    partial: control.stopped(),
  };
}
