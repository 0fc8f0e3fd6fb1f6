import { BUCKETS, bucketOfText } from '../../hash/bucket.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { MAX_UNITS, trackingKey } from '../simulate/input/generated-units.ts';
import { ANONYMOUS_IDENTITY, RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';

/** The moves of units between buckets when an experiment changes. */
export interface BucketMoves {
  /** The share of units with bucket `i` before and `j` after, at `i * 100 + j`; the sum is 1. */
  readonly shares: Float64Array;
  /** True if the shares are exact; false if they are estimated from generated units. */
  readonly exact: boolean;
}

/**
 * Computes the moves of units between buckets. With the same seed and identity, everyone keeps their
 * bucket. Otherwise the shares are estimated from generated units.
 */
export function bucketMoves(
  before: ExperimentSpec,
  after: ExperimentSpec,
  units: number,
): BucketMoves {
  const shares = new Float64Array(BUCKETS * BUCKETS);
  if (before.identity === RANDOM_IDENTITY || after.identity === RANDOM_IDENTITY) {
    return { shares: shares.fill(1 / (BUCKETS * BUCKETS)), exact: true };
  }
  if (before.identity === after.identity && before.seed === after.seed) {
    for (let bucket = 0; bucket < BUCKETS; bucket++)
      shares[bucket * BUCKETS + bucket] = 1 / BUCKETS;
    return { shares, exact: true };
  }
  const idsBefore = idsOf(before.identity, 0);
  // Different identities get different ids, so that one id says nothing about the other.
  const idsAfter = idsOf(after.identity, before.identity === after.identity ? 0 : 1);
  for (let unit = 0; unit < units; unit++) {
    const from = bucketOfText(idsBefore(unit), before.seed);
    const to = bucketOfText(idsAfter(unit), after.seed);
    const at = from * BUCKETS + to;
    shares[at] = (shares[at] ?? 0) + 1;
  }
  for (const [at, count] of shares.entries()) shares[at] = count / units;
  return { shares, exact: false };
}

/** Returns the texts of generated ids, as in a simulation. */
function idsOf(identity: string, position: number): (unit: number) => string {
  const first = position * MAX_UNITS;
  return identity === ANONYMOUS_IDENTITY
    ? (unit) => trackingKey(first + unit)
    : (unit) => String(first + unit);
}
