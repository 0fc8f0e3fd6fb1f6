import type { CompiledAudience } from '../../assignment/audience.ts';
import { allocationOf } from '../../assignment/decide.ts';
import type { CompiledExperiment } from '../../assignment/experiment.ts';
import { BUCKETS } from '../../hash/bucket.ts';
import type { BucketMoves } from './bucket-moves.ts';
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
  buckets: BucketMoves,
  parked: ReadonlySet<string>,
): Movement {
  const oldVariants = variantByBucket(audienceAt(before, from));
  const newVariants = variantByBucket(audienceAt(after, to));
  const counts = new Map<string, Map<string, number>>();
  for (const [i, oldVariant] of oldVariants.entries()) {
    for (const [j, newVariant] of newVariants.entries()) {
      const share = buckets.shares[i * BUCKETS + j] ?? 0;
      if (share > 0) add(counts, oldVariant, newVariant, share);
    }
  }
  // With a random identity, no one had a lasting variant.
  const nobodyKeeps =
    before.spec.identity === RANDOM_IDENTITY && audienceAt(before, from).only === undefined;
  return movementOf(counts, namesOf(before), namesOf(after), parked, nobodyKeeps);
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

/** Returns the variant of each bucket of an audience. */
export function variantByBucket(audience: CompiledAudience): string[] {
  return Array.from(
    { length: BUCKETS },
    (_, bucket) => allocationOf(audience, bucket)?.variant ?? '',
  );
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

function rounded(share: number): number {
  return Number(share.toFixed(DECIMALS));
}
