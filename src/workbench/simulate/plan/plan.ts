import type { CompiledExperiment } from '../../../assignment/experiment.ts';
import type { Assigner, BucketFunction, Settle } from './assigner.ts';
import { Assigners, type LookUp } from './assigners.ts';
import { choosePairs, type Pair } from './pairs.ts';

/** The layout of a simulation's counts, equal in every thread. */
export interface Plan {
  readonly assigners: readonly Assigner[];
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

/**
 * Plans a simulation.
 *
 * @param bucketOf the hash; a different one compares Evenhand with other systems
 * @param lookUp finds the experiments that rules ask for
 * @param settle finds rules with one outcome for all units; see `settleBy`
 */
export function createPlan(
  experiments: readonly CompiledExperiment[],
  bucketOf: BucketFunction,
  lookUp: LookUp,
  settle?: Settle,
): Plan {
  const made = new Assigners(lookUp, bucketOf, settle);
  const assigners = experiments.map((experiment) => made.of(experiment));
  const offsets: number[] = [];
  let cellCount = 0;
  for (const { cells } of assigners) {
    offsets.push(cellCount);
    cellCount += cells.length;
  }
  const { pairs, size, leftOut } = choosePairs(assigners);
  return { assigners, offsets, cellCount, pairs, pairSize: size, pairsLeftOut: leftOut };
}
