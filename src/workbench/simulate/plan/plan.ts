import type { CompiledExperiment } from '../../../assignment/experiment.ts';
import { Assigner, type BucketFunction, type Settle } from './assigner.ts';
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
 * @param settle finds rules with one outcome for all units; see `settleBy`
 */
export function createPlan(
  experiments: readonly CompiledExperiment[],
  bucketOf: BucketFunction,
  settle?: Settle,
): Plan {
  const assigners = experiments.map((experiment) => new Assigner(experiment, bucketOf, settle));
  const offsets: number[] = [];
  let cellCount = 0;
  for (const { cells } of assigners) {
    offsets.push(cellCount);
    cellCount += cells.length;
  }
  const { pairs, size, leftOut } = choosePairs(assigners);
  return { assigners, offsets, cellCount, pairs, pairSize: size, pairsLeftOut: leftOut };
}
