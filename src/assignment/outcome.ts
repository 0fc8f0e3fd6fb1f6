import type { EvenhandError } from '../errors/evenhand-error.ts';
import type { JsonValue } from '../json/value.ts';
import type { CompiledAudience } from './audience.ts';
import type { ExperimentSpec } from '../specification/types.ts';
import type { IdentityReader } from './identity.ts';

/** Why a participant got what it got. */
export type DecisionReason = 'override' | 'allocation' | 'error' | 'unknown-experiment';

/** The parts of a compiled experiment that its outcomes and their readers use. */
export interface DecidedExperiment {
  readonly name: string;
  /** Its place among the experiments it was compiled with, from 0 on. */
  readonly index: number;
  readonly first: CompiledAudience;
  readonly fallback: CompiledAudience;
  /** Undefined for the identity `random`. */
  readonly identity: IdentityReader | undefined;
  /** The declared variants with their values. */
  readonly variants: ReadonlyMap<string, JsonValue | undefined>;
  readonly spec: ExperimentSpec;
}

/**
 * A decision as the participant remembers it. Express looks at what it depended on, to set the
 * tracking cookie and the caching headers. Each participant has one for each experiment it was asked
 * for, so what can be told from the rest is no field. Fields are declared only and set once, by the
 * constructor: the less code it has, the more of a decision the engine makes one piece of.
 */
export class Outcome {
  declare readonly experiment: DecidedExperiment;
  /** Undefined only after an error, where not even the fallback audience could decide. */
  declare readonly variant: string | undefined;
  /** The audience that decided; undefined for an override or an error. */
  declare readonly audience: CompiledAudience | undefined;
  /** 0–99; undefined where no bucket was needed. */
  declare readonly bucket: number | undefined;
  /** The error that made the fallback audience decide (`onError: 'fallback'`); set where there is one. */
  declare error?: EvenhandError;
  /** The identity's text that the bucket was made of; kept where the participant is observed. */
  declare readonly unit: string | undefined;
  /** Whether the participant has met the variant; set by the participant, where it is observed. */
  declare exposed: boolean | undefined;

  constructor(
    experiment: DecidedExperiment,
    variant: string | undefined,
    audience: CompiledAudience | undefined,
    bucket: number | undefined,
  ) {
    this.experiment = experiment;
    this.variant = variant;
    this.audience = audience;
    this.bucket = bucket;
  }

  get reason(): 'override' | 'allocation' | 'error' {
    if (this.audience !== undefined) return 'allocation';
    return this.error === undefined ? 'override' : 'error';
  }

  /** Whether the identity `random` drew the bucket. */
  get drawn(): boolean {
    return this.bucket !== undefined && this.experiment.identity === undefined;
  }

  /**
   * Whether another participant might have got another variant, even with the same draw: a rule, an
   * identity or an override was looked at.
   */
  get personal(): boolean {
    if (this.audience === undefined || this.experiment.first !== this.experiment.fallback)
      return true;
    return this.bucket !== undefined && this.experiment.identity !== undefined;
  }
}

/** The same, where somebody wants to know what participants meet. */
export class ObservedOutcome extends Outcome {
  override readonly unit: string | undefined;
  override exposed: boolean | undefined = false;

  constructor(
    experiment: DecidedExperiment,
    variant: string | undefined,
    audience: CompiledAudience | undefined,
    bucket: number | undefined,
    unit: string | undefined,
  ) {
    super(experiment, variant, audience, bucket);
    this.unit = unit;
  }
}
