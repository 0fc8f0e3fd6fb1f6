import type { CompiledExperiment } from '../../assignment/experiment.ts';
import { type BucketCount, BUCKETS, bucketOfText } from '../../hash/bucket.ts';
import { identityPaths } from '../../specification/identity-paths.ts';
import { ANONYMOUS_IDENTITY, RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';
import { MAX_UNITS, trackingKey } from '../simulate/input/generated-units.ts';
import { type IdentityMove, identityMoves } from './identity-change.ts';

/**
 * The moves of units between buckets when an experiment changes. `kept`: everyone keeps their bucket,
 * or has one of the 100 fine buckets that divide it. `independent`: the bucket before says nothing about
 * the bucket after. `estimated`: pairs counted with generated units.
 */
export type BucketMoves =
  | { readonly kind: 'kept' }
  | { readonly kind: 'independent' }
  | {
      readonly kind: 'estimated';
      readonly pairs: readonly BucketPair[];
      /**
       * Present if a list of identities has changed and the seed has not: the pairs are those of
       * participants with both paths. Others may keep their buckets.
       */
      readonly identityMove?: IdentityMove;
    };

/** The units whose bucket is in one range before and in another one after. */
export interface BucketPair {
  /** The first bucket of the range before. No audience changes its variant within the range. */
  readonly before: number;
  /** The first bucket of the range after. */
  readonly after: number;
  readonly units: number;
}

/** Returns an experiment's number of buckets. */
export function bucketCountOf({ spec }: CompiledExperiment): BucketCount {
  return spec.buckets ?? BUCKETS;
}

/**
 * Computes the moves of units between buckets. With the same seed and identity, everyone keeps their
 * bucket. Otherwise the moves are estimated from generated units.
 */
export function bucketMoves(
  before: CompiledExperiment,
  after: CompiledExperiment,
  units: number,
): BucketMoves {
  const [old, next] = [before.spec, after.spec];
  if (old.identity === RANDOM_IDENTITY || next.identity === RANDOM_IDENTITY) {
    return { kind: 'independent' };
  }
  const [move] = identityMoves(old.identity, next.identity);
  if (move === undefined && old.seed === next.seed) return { kind: 'kept' };
  const [first = ''] = identityPaths(old.identity);
  const idsBefore = idsOf(move?.from ?? first, 0);
  // Different identities get different ids, so that one id says nothing about the other.
  const idsAfter = move === undefined ? idsBefore : idsOf(move.to, 1);
  const [startsBefore, startsAfter] = [rangeStarts(before), rangeStarts(after)];
  const [bucketsBefore, bucketsAfter] = [bucketCountOf(before), bucketCountOf(after)];
  const counts = new Map<number, number>();
  for (let unit = 0; unit < units; unit++) {
    const from = startsBefore[bucketOfText(idsBefore(unit), old.seed, bucketsBefore)] ?? 0;
    const to = startsAfter[bucketOfText(idsAfter(unit), next.seed, bucketsAfter)] ?? 0;
    const pair = from * bucketsAfter + to;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  const pairs = [...counts].map(([pair, count]): BucketPair => {
    return {
      before: Math.floor(pair / bucketsAfter),
      after: pair % bucketsAfter,
      units: count,
    };
  });
  const isList = [old, next].some(({ identity }) => typeof identity !== 'string');
  const isPartial = move !== undefined && isList && old.seed === next.seed;
  return { kind: 'estimated', pairs, ...(isPartial && { identityMove: move }) };
}

/**
 * Returns, for each bucket, the first bucket of its range. An experiment has few ranges, while 10,000
 * buckets before and after have 100,000,000 pairs.
 */
function rangeStarts(experiment: CompiledExperiment): Uint16Array {
  const begins = new Set(
    [...experiment.audiences, experiment.fallback].flatMap(({ ranges }) =>
      ranges.map(({ from }) => from),
    ),
  );
  const starts = new Uint16Array(bucketCountOf(experiment));
  let start = 0;
  for (let bucket = 0; bucket < starts.length; bucket++) {
    if (begins.has(bucket)) start = bucket;
    starts[bucket] = start;
  }
  return starts;
}

/** Returns the texts of generated ids, as in a simulation. */
function idsOf(identity: string, position: number): (unit: number) => string {
  const first = position * MAX_UNITS;
  return identity === ANONYMOUS_IDENTITY
    ? (unit) => trackingKey(first + unit)
    : (unit) => String(first + unit);
}
