import type { EvenhandError } from '../errors/errors.ts';
import type { CompiledAudience } from './audience.ts';
import type { CompiledExperiment } from './experiment.ts';

/** Why a participant got what it got. */
export type DecisionReason = 'override' | 'allocation' | 'error' | 'unknown-experiment';

/** That a participant met a namespace, and what the answer depended on. */
export interface NamespaceOutcome {
  readonly reason: 'segment';
  /** A unit was looked at. */
  readonly personal: true;
  readonly drawn: false;
  /** Whether the tracking key was: it must then be the same the next time. */
  readonly tracked: boolean;
}

/**
 * A decision as the participant remembers it. Express looks at what it depended on, to set the
 * tracking cookie and the caching headers. Each participant has one for each experiment it was asked
 * for, so what can be told from the rest is no field. Fields are declared only and set once, by the
 * constructor: the less code it has, the more of a decision the engine makes one piece of.
 */
export class Outcome {
  declare readonly experiment: CompiledExperiment;
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
    experiment: CompiledExperiment,
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
    experiment: CompiledExperiment,
    variant: string | undefined,
    audience: CompiledAudience | undefined,
    bucket: number | undefined,
    unit: string | undefined,
  ) {
    super(experiment, variant, audience, bucket);
    this.unit = unit;
  }
}

/** Told of the decisions of a participant, and may force some. */
export interface DecisionWatcher {
  /**
   * The variant forced for the participant, if any; asked behind {@link begin}, before the rules are.
   */
  overrideOf(experiment: string): string | undefined;
  /** Called before the context is looked at. */
  begin(): void;
  /**
   * Called once with each decision made, and when a namespace has looked at its unit or at the
   * tracking key; before the answer is given.
   */
  decided(outcome: Outcome | NamespaceOutcome): void;
  /**
   * Called where the context was looked at and no decision tells so: one that failed, whose error is
   * passed on, or an explanation.
   */
  looked(): void;
  /** Whether the tracking key, if it is read now, will be the same the next time. */
  knowsKey(): boolean;
}
