import { otherFailed } from '../../../assignment/special/prerequisites.ts';
import type { Assigner, AskedExperiment } from './assigner.ts';
import type { ShownVariant } from './shown-variant.ts';

/** The last unit and its variant. */
interface Known {
  readonly context: object;
  readonly unit: number;
  readonly variant: string | undefined;
  readonly thrown: unknown;
}

/**
 * Answers the experiments that ask for one experiment's variant. It remembers the last unit, so that
 * experiments that ask in many places take no longer.
 */
export class AskedVariant implements AskedExperiment {
  private readonly assigner: Assigner;
  private readonly shown: ShownVariant;
  private known: Known | undefined;

  constructor(assigner: Assigner, shown: ShownVariant) {
    this.assigner = assigner;
    this.shown = shown;
    this.known = undefined;
  }

  variantOf(context: object, unit: number): string {
    const { assigner } = this;
    let { known } = this;
    if (known?.context !== context || known.unit !== unit) {
      const variant = this.shown.of(context, unit);
      known = { context, unit, variant, thrown: assigner.failure?.thrown };
      this.known = known;
    }
    if (known.variant !== undefined) return known.variant;
    throw otherFailed(assigner.experiment.name, known.thrown);
  }
}
