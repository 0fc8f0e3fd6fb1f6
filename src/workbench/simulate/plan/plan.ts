import { type CompiledExperiment, compileExperiment } from '../../../assignment/experiment.ts';
import { asExperiment } from '../../../specification/holdouts.ts';
import type { HoldoutSpec, RulesOf } from '../../../specification/types.ts';
import type { Assigner, BucketFunction, Settle } from './assigner.ts';
import { Assigners, type LookUp } from './assigners.ts';
import { HoldoutAssigner } from './holdout-assigner.ts';
import { choosePairs, type Pair } from './pairs.ts';

/** The layout of a simulation's counts, equal in every thread. */
export interface Plan {
  /** The experiments, then the holdouts. */
  readonly assigners: readonly Assigner[];
  /** The holdouts, in the order of their assigners, which are the last ones. */
  readonly holdouts: readonly HoldoutSpec[];
  /** The index of each experiment's first cell among all counts. */
  readonly offsets: readonly number[];
  /** The number of cells of all experiments. */
  readonly cellCount: number;
  readonly pairs: readonly Pair[];
  /** The number of counts in the tables of all pairs. */
  readonly pairSize: number;
  /** The number of pairs that are not counted because there are too many. */
  readonly pairsLeftOut: number;
}

const NO_RULES: ReturnType<RulesOf> = new Map();

/** The other parts of the specification, and what is known about the units. */
export interface PlanOptions {
  /** Finds the experiments that rules ask for. */
  readonly lookUp: LookUp;
  /** Decided and compared like experiments, which they don't change. */
  readonly holdouts: readonly HoldoutSpec[];
  /** Finds rules with one outcome for all units; see `settleBy`. */
  readonly settle?: Settle;
}

/**
 * Plans a simulation.
 *
 * @param bucketOf the hash; a different one compares Evenhand with other systems
 */
export function createPlan(
  experiments: readonly CompiledExperiment[],
  bucketOf: BucketFunction,
  { lookUp, settle, holdouts }: PlanOptions,
): Plan {
  const made = new Assigners(lookUp, bucketOf, settle);
  const assigners = [
    ...experiments.map((experiment) => made.of(experiment)),
    ...holdouts.map((holdout) => {
      const experiment = compileExperiment(asExperiment(holdout), NO_RULES);
      return new HoldoutAssigner(experiment, bucketOf);
    }),
  ];
  const offsets: number[] = [];
  let cellCount = 0;
  for (const { cells } of assigners) {
    offsets.push(cellCount);
    cellCount += cells.length;
  }
  const { pairs, size, leftOut } = choosePairs(assigners);
  return {
    assigners,
    holdouts,
    offsets,
    cellCount,
    pairs,
    pairSize: size,
    pairsLeftOut: leftOut,
  };
}
