import { BUCKETS, FINE_BUCKETS } from '../../hash/bucket.ts';
import { atOnce } from '../../runtime/steps.ts';
import { specificationSteps } from '../../specification/specification.ts';
import type { IdentitySpec } from '../../specification/identity-paths.ts';
import type { AllocationSpec, AudienceSpec, ExperimentSpec } from '../../specification/types.ts';
import { type CompareOptions, type Comparison, compareExperiment } from './compare-experiment.ts';
import { bucketCountOf } from './bucket-moves.ts';
import { identityMoves } from './identity-change.ts';
import { layOut } from './lay-out-buckets.ts';
import { audienceAt, variantByBucket } from './movement.ts';
import { RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';

/** The suggested allocations of one audience. */
export interface SuggestedAudience {
  /** Position in the new experiment, from 0. */
  readonly audience: number;
  readonly allocations: readonly AllocationSpec[];
}

/** A way to write the new experiment with less harm. */
export interface Suggestion {
  /** The old identity, if it should be kept. */
  readonly identity?: IdentitySpec;
  /** The old seed, if it should be kept. */
  readonly seed?: string;
  /** The old number of buckets, if it should be kept. */
  readonly buckets?: typeof FINE_BUCKETS;
  readonly audiences: readonly SuggestedAudience[];
  /** The effect of the suggestion, compared in the same way as the change itself. */
  readonly comparison: Comparison;
}

/**
 * Looks for a way to write a change with less harm, or with equal harm and fewer moves: the old seed and
 * identity, different ranges of allocations, or both. Every suggestion is validated and compared.
 *
 * @returns the way with the least harm, then with the fewest moves, then with the fewest changes;
 *   undefined if no way is better than the change itself
 */
export function suggest(comparison: Comparison, options: CompareOptions): Suggestion | undefined {
  const before = comparison.before.spec;
  const after = comparison.after.spec;
  const isDrawn = after.identity === RANDOM_IDENTITY;
  const moves = identityMoves(before.identity, after.identity);
  const kept: ExperimentSpec = isDrawn
    ? after
    : {
        ...after,
        // A list that moves no one is kept.
        identity: moves.length === 0 ? after.identity : before.identity,
        seed: before.seed,
      };
  const candidates: ExperimentSpec[] = [];
  const hashesAnew = kept.identity !== after.identity || kept.seed !== after.seed;
  if (hashesAnew) candidates.push(kept);
  candidates.push(withBuckets({ ...kept, audiences: laidOut(comparison, kept, options) }));
  let best: Suggestion | undefined;
  for (const candidate of candidates) {
    const checked = compareExperiment(before, validated(candidate), options);
    if (!isBetter(checked, best?.comparison ?? comparison)) continue;
    best = {
      ...(candidate.identity !== after.identity && { identity: candidate.identity }),
      ...(candidate.seed !== after.seed && { seed: candidate.seed }),
      ...(candidate.buckets !== after.buckets && { buckets: FINE_BUCKETS }),
      audiences: changedAudiences(after, candidate),
      comparison: checked,
    };
  }
  return best;
}

/** Returns an experiment with the number of buckets that its percents need. */
function withBuckets(spec: ExperimentSpec): ExperimentSpec {
  const isWhole = spec.audiences.every(({ allocations }) =>
    allocations.every(({ percent }) => Number.isInteger(percent)),
  );
  return isWhole ? spec : { ...spec, buckets: FINE_BUCKETS };
}

/** The rounding error of sums of shares. */
const TOLERANCE = 1e-9;

function isBetter(one: Comparison, other: Comparison): boolean {
  if (one.harm < other.harm - TOLERANCE) return true;
  return one.harm < other.harm + TOLERANCE && one.moved < other.moved - TOLERANCE;
}

/**
 * Lays out each audience so that participants keep the variant that they had before. The ranges before or
 * after may need 10,000 buckets.
 */
function laidOut(
  { before, movements }: Comparison,
  after: ExperimentSpec,
  { parked }: CompareOptions,
): AudienceSpec[] {
  const own = bucketCountOf(before);
  const finest = after.buckets ?? own;
  return after.audiences.map((audience, to) => {
    const ways = movements.filter((movement) => movement.to === to);
    // An audience with the same rule has the same people; otherwise the most harmed people count.
    const same = ways.find(({ from }) => before.spec.audiences[from]?.rule === audience.rule);
    const [first] = [...ways].sort((a, b) => b.harmful - a.harmful);
    const way = same ?? first;
    if (way === undefined || way.harmful + way.parked === 0) return audience;
    const variants = variantByBucket(audienceAt(before, way.from), own, finest);
    return { ...audience, allocations: layOut(variants, audience.allocations, parked) };
  });
}

/** Validates a suggestion, which must be loadable. */
function validated(spec: ExperimentSpec): ExperimentSpec {
  const { name, identity, seed, buckets = BUCKETS, variants, audiences } = spec;
  const { segments, prerequisites } = spec;
  const [checked = spec] = atOnce(
    specificationSteps([{ name, identity, seed, buckets, variants, audiences }], {
      origin: 'suggestion',
    }),
  ).experiments;
  // Validated alone, the experiment has no segments and no other experiments around it.
  return {
    ...checked,
    ...(segments && { segments }),
    ...(prerequisites && { prerequisites }),
  };
}

function changedAudiences(after: ExperimentSpec, candidate: ExperimentSpec): SuggestedAudience[] {
  return candidate.audiences.flatMap(({ allocations }, i) => {
    const old = after.audiences[i]?.allocations;
    return JSON.stringify(old) === JSON.stringify(allocations)
      ? []
      : [{ audience: i, allocations }];
  });
}
