import type { CompiledExperiment } from '../../../assignment/experiment.ts';
import type { HoldoutSpec } from '../../../specification/types.ts';
import { type AskedExperiment, Assigner, type BucketFunction, type Settle } from './assigner.ts';
import { AskedVariant } from './asked-variant.ts';
import { ShownVariant } from './shown-variant.ts';

/** Finds the parts of a specification that decide an experiment which rules ask for. */
export interface LookUp {
  /** Returns the experiment of a name, compiled; undefined if there is none. */
  readonly experiment: (name: string) => CompiledExperiment | undefined;
  /** Returns the holdouts that list the experiment. */
  readonly holdouts: (name: string) => readonly HoldoutSpec[];
}

/** Makes assigners, and finds those of the experiments that rules ask for. */
export class Assigners {
  private readonly lookUp: LookUp;
  private readonly bucketOf: BucketFunction;
  private readonly settle: Settle | undefined;
  private readonly others = new Map<string, AskedExperiment>();

  /** @param lookUp finds the other experiments of the same specification */
  constructor(lookUp: LookUp, bucketOf: BucketFunction, settle?: Settle) {
    this.lookUp = lookUp;
    this.bucketOf = bucketOf;
    this.settle = settle;
  }

  /** Makes the assigner of an experiment. */
  of(experiment: CompiledExperiment): Assigner {
    const { prerequisites } = experiment.spec;
    if (prerequisites === undefined) return new Assigner(experiment, this.bucketOf, this.settle);
    const asked = new Map<string, AskedExperiment>();
    for (const { name } of prerequisites) {
      const other = this.other(name);
      if (other !== undefined) asked.set(name, other);
    }
    return new Assigner(experiment, this.bucketOf, undefined, asked);
  }

  /** Returns the experiment of a name. All that ask share it and what it remembers. */
  private other(name: string): AskedExperiment | undefined {
    const known = this.others.get(name);
    const experiment = known === undefined ? this.lookUp.experiment(name) : undefined;
    if (experiment === undefined) return known;
    const assigner = this.of(experiment);
    const shown = new ShownVariant(assigner, this.lookUp.holdouts(name), this.bucketOf);
    const made = new AskedVariant(assigner, shown);
    this.others.set(name, made);
    return made;
  }
}
