import { type CompiledExperiment, compileExperiment } from '../../assignment/experiment.ts';
import type { ExperimentSpec, RulesOf } from '../../specification/types.ts';
import { type BucketMoves, bucketMoves } from './bucket-moves.ts';
import { heldShares, type HoldoutPair } from './holdouts/held-shares.ts';
import { withHoldouts } from './holdouts/with-holdouts.ts';
import type { IdentityMove } from './identity-change.ts';
import { audienceMovement, type Movement } from './movement.ts';
import { keepsVariants, onlyRemoved } from './sticky-moves.ts';
import { hasSameRules, possibleTransitions, type Transition } from './transitions.ts';

/** The movement of participants from one audience before the change to one after it. */
export interface AudienceMovement extends Transition, Movement {}

/** The effect of a change to an experiment. */
export interface Comparison {
  readonly before: CompiledExperiment;
  readonly after: CompiledExperiment;
  /** One for each possible transition between audiences. */
  readonly movements: readonly AudienceMovement[];
  /** True if everyone stays in the same audience, so that the transitions are certain. */
  readonly sameRules: boolean;
  /** True if participants keep the variants they have, so that the shares are about new ones. */
  readonly sticky: boolean;
  /** True if the shares are exact; false if they are estimated from generated units. */
  readonly exact: boolean;
  /** Present if only participants with both paths of a changed list of identities may move. */
  readonly identityMove?: IdentityMove;
  /** The largest share of a transition that moves between shown variants. */
  readonly worst: number;
  /** The sum of these shares over all transitions; for comparing two changes. */
  readonly harm: number;
  /** The sum of the shares that move to or from parked variants, over all transitions. */
  readonly moved: number;
  /** The holdouts that list the experiment. */
  readonly holdouts: HoldoutPair;
}

/** The settings of a comparison. */
export interface CompareOptions {
  /** The number of units to generate if the shares can't be computed exactly. */
  readonly units: number;
  readonly parked: ReadonlySet<string>;
  /** The compiled rules of each file. */
  readonly rules: { readonly before: RulesOf; readonly after: RulesOf };
  /** Returns the holdouts that list the experiment; absent without holdouts. */
  readonly holdouts?: (before: ExperimentSpec, after: ExperimentSpec) => HoldoutPair;
}

const NO_HOLDOUTS: HoldoutPair = { before: [], after: [] };

/** Computes who moves where when an experiment changes. */
export function compareExperiment(
  before: ExperimentSpec,
  after: ExperimentSpec,
  { units, parked, rules, holdouts: listed }: CompareOptions,
): Comparison {
  const one = compileExperiment(before, rules.before(before.name));
  const other = compileExperiment(after, rules.after(after.name));
  // If each audience has one variant, buckets do not matter.
  const moves: BucketMoves = needsBuckets(one, other)
    ? bucketMoves(one, other, units)
    : { kind: 'kept' };
  const sticky = keepsVariants(before, after);
  const holdouts = listed?.(before, after) ?? NO_HOLDOUTS;
  const held = heldShares(holdouts);
  const movements = possibleTransitions(before, after).map((transition): AudienceMovement => {
    const movement = audienceMovement(one, other, transition, moves, parked);
    const own = sticky ? onlyRemoved(movement, after, parked) : movement;
    const all =
      holdouts.before.length + holdouts.after.length === 0
        ? own
        : withHoldouts(own, { before, after, held }, parked);
    return { ...transition, ...all };
  });
  return {
    before: one,
    after: other,
    movements,
    sameRules: hasSameRules(before, after),
    sticky,
    exact: moves.kind !== 'estimated',
    ...(moves.kind === 'estimated' &&
      moves.identityMove !== undefined && { identityMove: moves.identityMove }),
    worst: Math.max(0, ...movements.map(({ harmful }) => harmful)),
    harm: movements.reduce((sum, { harmful }) => sum + harmful, 0),
    moved: movements.reduce((sum, movement) => sum + movement.parked, 0),
    holdouts,
  };
}

function needsBuckets(...experiments: readonly CompiledExperiment[]): boolean {
  return experiments.some(({ audiences, fallback }) =>
    [...audiences, fallback].some(({ only }) => only === undefined),
  );
}
