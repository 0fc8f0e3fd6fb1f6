import { type CompiledExperiment, compileExperiment } from '../../assignment/experiment.ts';
import type { CompiledRule } from '../../rules/compile/compile.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { type BucketMoves, bucketMoves } from './bucket-moves.ts';
import { audienceMovement, type Movement } from './movement.ts';
import { hasSameRules, possibleTransitions, type Transition } from './transitions.ts';

/** The movement of those who are in one audience before and in one after. */
export interface AudienceMovement extends Transition, Movement {}

/** What a change of an experiment does. */
export interface Comparison {
  readonly before: CompiledExperiment;
  readonly after: CompiledExperiment;
  /** For each way between audiences that somebody may go. */
  readonly movements: readonly AudienceMovement[];
  /** Whether everybody stays in the same audience, so that these ways are not only possible. */
  readonly sameRules: boolean;
  /** Whether the shares are known; else they were counted on made-up units. */
  readonly exact: boolean;
  /** The largest share of such units that goes from one shown variant to another. */
  readonly worst: number;
  /** The sum of these shares over all ways; for telling which of two changes does less harm. */
  readonly harm: number;
  /** The sum of the shares that go from or to parked variants, in the same way. */
  readonly moved: number;
}

/** How experiments are compared. */
export interface CompareOptions {
  /** How many units are made up where the shares can't be known. */
  readonly units: number;
  readonly parked: ReadonlySet<string>;
  /** All rules of both files, compiled. */
  readonly rules: ReadonlyMap<string, CompiledRule>;
}

/** Finds out who moves where when an experiment changes. */
export function compareExperiment(
  before: ExperimentSpec,
  after: ExperimentSpec,
  { units, parked, rules }: CompareOptions,
): Comparison {
  const [one, other] = [compileExperiment(before, rules), compileExperiment(after, rules)];
  const buckets = needsBuckets(one, other)
    ? bucketMoves(before, after, units)
    : // Where each audience has one variant, any buckets will do.
      bucketMoves(before, before, units);
  const movements = possibleTransitions(before, after).map((transition) =>
    toMovement(one, other, transition, buckets, parked),
  );
  return {
    before: one,
    after: other,
    movements,
    sameRules: hasSameRules(before, after),
    exact: buckets.exact,
    worst: Math.max(0, ...movements.map(({ harmful }) => harmful)),
    harm: movements.reduce((sum, { harmful }) => sum + harmful, 0),
    moved: movements.reduce((sum, movement) => sum + movement.parked, 0),
  };
}

function toMovement(
  before: CompiledExperiment,
  after: CompiledExperiment,
  transition: Transition,
  buckets: BucketMoves,
  parked: ReadonlySet<string>,
): AudienceMovement {
  return { ...transition, ...audienceMovement(before, after, transition, buckets, parked) };
}

function needsBuckets(...experiments: readonly CompiledExperiment[]): boolean {
  return experiments.some(({ audiences, fallback }) =>
    [...audiences, fallback].some(({ only }) => only === undefined),
  );
}
