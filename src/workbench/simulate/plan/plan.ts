import type { CompiledExperiment } from '../../../assignment/experiment.ts';
import { Assigner, type BucketFunction, type Settle } from './assigner.ts';
import { choosePairs, type Pair } from './pairs.ts';

/** What is counted, where; made once, the same in each thread. */
export interface Plan {
  readonly assigners: readonly Assigner[];
  /** Where the counts of each experiment's cells begin. */
  readonly offsets: readonly number[];
  /** How many cells all experiments have. */
  readonly cellCount: number;
  readonly pairs: readonly Pair[];
  /** How many counts the tables of all pairs hold. */
  readonly pairSize: number;
  /** How many pairs are not counted, as there are too many. */
  readonly pairsLeftOut: number;
}

/**
 * Plans a simulation.
 *
 * @param bucketOf the hash; another than Evenhand's for comparing with other systems
 * @param settle what rules are known to give for all units; see `settleBy`
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
