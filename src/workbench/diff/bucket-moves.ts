import { RANDOM_IDENTITY } from '../../assignment/experiment.ts';
import { BUCKETS, bucketOfText } from '../../hash/bucket.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { ANONYMOUS_IDENTITY, MAX_UNITS, trackingKey } from '../simulate/input/synthetic-units.ts';

/** From which bucket to which one units go, when an experiment changes. */
export interface BucketMoves {
  /** The share of units that have bucket `i` before and `j` after, at `i * 100 + j`; adds up to 1. */
  readonly shares: Float64Array;
  /** Whether it is known; else it is counted on units that are made up. */
  readonly exact: boolean;
}

/**
 * From which bucket to which one units go. With the seed and the identity kept, nobody leaves a
 * bucket; else units are made up and counted.
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
  // Other identities are other ids: who somebody is by one says nothing about the other.
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

/** The texts of made-up ids, as a simulation has them. */
function idsOf(identity: string, position: number): (unit: number) => string {
  const first = position * MAX_UNITS;
  return identity === ANONYMOUS_IDENTITY
    ? (unit) => trackingKey(first + unit)
    : (unit) => String(first + unit);
}
