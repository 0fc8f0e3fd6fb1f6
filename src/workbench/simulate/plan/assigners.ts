import type { CompiledExperiment } from '../../../assignment/experiment.ts';
import { Assigner, type BucketFunction, type Settle } from './assigner.ts';

/** Returns the experiment of a name, compiled; undefined if there is none. */
export type LookUp = (name: string) => CompiledExperiment | undefined;

/** Makes assigners, and finds those of the experiments that rules ask for. */
export class Assigners {
  private readonly lookUp: LookUp;
  private readonly bucketOf: BucketFunction;
  private readonly settle: Settle | undefined;
  private readonly others = new Map<string, Assigner>();

  /** @param lookUp finds the experiments of the same specification */
  constructor(lookUp: LookUp, bucketOf: BucketFunction, settle?: Settle) {
    this.lookUp = lookUp;
    this.bucketOf = bucketOf;
    this.settle = settle;
  }

  /** Makes the assigner of an experiment. */
  of(experiment: CompiledExperiment): Assigner {
    const { prerequisites } = experiment.spec;
    if (prerequisites === undefined) return new Assigner(experiment, this.bucketOf, this.settle);
    const asked = new Map<string, Assigner>();
    for (const { name } of prerequisites) {
      const other = this.other(name);
      if (other !== undefined) asked.set(name, other);
    }
    return new Assigner(experiment, this.bucketOf, undefined, asked);
  }

  /** Returns the assigner that answers for an experiment. All that ask share it and what it remembers. */
  private other(name: string): Assigner | undefined {
    const known = this.others.get(name);
    const experiment = known === undefined ? this.lookUp(name) : undefined;
    if (experiment === undefined) return known;
    const made = this.of(experiment);
    this.others.set(name, made);
    return made;
  }
}
