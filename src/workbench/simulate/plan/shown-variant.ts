import { compileExperiment } from '../../../assignment/experiment.ts';
import { controlOf } from '../../../specification/control.ts';
import { asExperiment, HELD_OUT } from '../../../specification/holdouts.ts';
import type { HoldoutSpec, RulesOf } from '../../../specification/types.ts';
import type { Assigner, BucketFunction } from './assigner.ts';
import { HoldoutAssigner } from './holdout-assigner.ts';

const NO_RULES: ReturnType<RulesOf> = new Map();

/** Decides one experiment for real contexts: by its holdouts, and then by its audiences. */
export class ShownVariant {
  private readonly assigner: Assigner;
  private readonly holdouts: readonly Assigner[];
  private readonly control: string;

  constructor(assigner: Assigner, holdouts: readonly HoldoutSpec[], bucketOf: BucketFunction) {
    this.assigner = assigner;
    this.holdouts = holdouts.map((holdout) => {
      const compiled = compileExperiment(asExperiment(holdout), NO_RULES);
      return new HoldoutAssigner(compiled, bucketOf);
    });
    this.control = controlOf(assigner.experiment.spec.variants);
  }

  /** Returns the variant of a context; undefined if its decision failed. Never throws. */
  of(context: object, unit: number): string | undefined {
    const isHeldOut = this.holdouts.some(
      (holdout) => holdout.cells[holdout.assign(context, unit)]?.variant === HELD_OUT,
    );
    if (isHeldOut) return this.control;
    return this.assigner.cells[this.assigner.assign(context, unit)]?.variant;
  }
}
