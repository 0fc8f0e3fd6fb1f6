import type { AllocationRange, CompiledAudience } from '../../assignment/audience.ts';
import { allocationOf } from '../../assignment/decide.ts';
import type { CompiledExperiment } from '../../assignment/experiment.ts';
import type { BucketCount } from '../../hash/bucket.ts';
import { bucketCountOf, type BucketMoves } from './bucket-moves.ts';
import { kindOfMove } from '../../changes/parked.ts';
import type { Transition } from './transitions.ts';
import { RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';

/** The moves between variants among units that are treated alike. */
export interface Movement {
  /** The variants before that someone has: the rows of the matrix. */
  readonly rows: readonly string[];
  /** The variants after that someone has: the columns. */
  readonly columns: readonly string[];
  /** The share of units in each cell, [0, 1]; the sum is 1. */
  readonly shares: readonly (readonly number[])[];
  /** The share that moves between shown variants. */
  readonly harmful: number;
  /** The share that moves to or from a parked variant. */
  readonly parked: number;
}

/** The number of decimals of a share that are not rounding error. */
const DECIMALS = 12;

/** Computes the movement of participants from one audience to another. */
export function audienceMovement(
  before: CompiledExperiment,
  after: CompiledExperiment,
  { from, to }: Transition,
  moves: BucketMoves,
  parked: ReadonlySet<string>,
): Movement {
  const one: AudienceBuckets = { audience: audienceAt(before, from), own: bucketCountOf(before) };
  const other: AudienceBuckets = { audience: audienceAt(after, to), own: bucketCountOf(after) };
  const counts = countMovement(one, other, moves);
  // With a random identity, no one had a lasting variant.
  const nobodyKeeps =
    before.spec.identity === RANDOM_IDENTITY && audienceAt(before, from).only === undefined;
  return movementOf(counts, namesOf(before), namesOf(after), parked, nobodyKeeps);
}

/** An audience and its experiment's number of buckets. */
interface AudienceBuckets {
  readonly audience: CompiledAudience;
  readonly own: BucketCount;
}

/** Counts the units of each pair of variants, before and after; the counts have any scale. */
function countMovement(
  before: AudienceBuckets,
  after: AudienceBuckets,
  moves: BucketMoves,
): Map<string, Map<string, number>> {
  const counts = new Map<string, Map<string, number>>();
  if (moves.kind === 'kept') {
    const finest = before.own > after.own ? before.own : after.own;
    const newVariants = variantByBucket(after.audience, after.own, finest);
    for (const [i, variant] of variantByBucket(before.audience, before.own, finest).entries()) {
      add(counts, variant, newVariants[i] ?? '', 1);
    }
  } else if (moves.kind === 'independent') {
    for (const from of before.audience.ranges) {
      for (const to of after.audience.ranges) {
        add(counts, from.variant, to.variant, sizeOf(from) * sizeOf(to));
      }
    }
  } else {
    for (const pair of moves.pairs) {
      const from = allocationOf(before.audience, pair.before)?.variant ?? '';
      const to = allocationOf(after.audience, pair.after)?.variant ?? '';
      add(counts, from, to, pair.units);
    }
  }
  return counts;
}

function sizeOf({ from, to }: AllocationRange): number {
  return to - from + 1;
}

/** Computes the movement of counted units; the counts may have any scale. */
export function movementOf(
  counts: ReadonlyMap<string, ReadonlyMap<string, number>>,
  oldNames: readonly string[],
  newNames: readonly string[],
  parked: ReadonlySet<string>,
  nobodyKeeps = false,
): Movement {
  const rows = oldNames.filter((name) => counts.has(name));
  const columns = newNames.filter((name) => [...counts.values()].some((row) => row.has(name)));
  const table = rows.map((name) => columns.map((other) => counts.get(name)?.get(other) ?? 0));
  const total = table.flat().reduce((sum, count) => sum + count, 0);
  const shares = table.map((row) => row.map((count) => rounded(count / total)));
  const shareOf = (kind: 'harmful' | 'parked'): number => {
    let sum = 0;
    for (const [i, row] of shares.entries()) {
      for (const [j, share] of row.entries()) {
        if (kindOfMove(rows[i] ?? '', columns[j] ?? '', parked) === kind) sum += share;
      }
    }
    return rounded(sum);
  };
  return {
    rows,
    columns,
    shares,
    harmful: nobodyKeeps ? 0 : shareOf('harmful'),
    parked: shareOf('parked'),
  };
}

/**
 * Returns the variant of each bucket of an audience.
 *
 * @param own the experiment's number of buckets
 * @param wanted the number of buckets to return, at least `own`
 */
export function variantByBucket(
  { ranges }: CompiledAudience,
  own: BucketCount,
  wanted: BucketCount = own,
): string[] {
  const scale = wanted / own;
  const variants = Array.from({ length: wanted }, () => '');
  for (const { variant, from, to } of ranges)
    variants.fill(variant, from * scale, (to + 1) * scale);
  return variants;
}

/** Returns an audience by its index in the specification. */
export function audienceAt(
  { audiences, fallback }: CompiledExperiment,
  index: number,
): CompiledAudience {
  return audiences[index] ?? fallback;
}

/** Adds to the count of a pair of variants, before and after. */
export function add(
  counts: Map<string, Map<string, number>>,
  from: string,
  to: string,
  count: number,
): void {
  const row = counts.get(from) ?? new Map<string, number>();
  counts.set(from, row);
  row.set(to, (row.get(to) ?? 0) + count);
}

function namesOf({ spec }: CompiledExperiment): string[] {
  return spec.variants.map(({ name }) => name);
}

/** Rounds a share to the decimals that are not rounding error. */
export function rounded(share: number): number {
  return Number(share.toFixed(DECIMALS));
}
