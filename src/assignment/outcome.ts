import type { EvenhandError } from '../errors/evenhand-error.ts';
import type { JsonValue } from '../json/value.ts';
import type { CompiledAudience } from './audience.ts';
import type { ExperimentSpec } from '../specification/types.ts';
import type { IdentityReader } from './identity.ts';

/**
 * The reason why a participant has its variant. `holdout`: it has the control, because a holdout holds it
 * out. `sticky`: it keeps the variant that it got earlier. `no-consent`: it has none, because the visitor
 * has not consented to the tracking cookie.
 */
export type DecisionReason =
  'override' | 'holdout' | 'sticky' | 'allocation' | 'no-consent' | 'error' | 'unknown-experiment';

/** The parts of a compiled experiment that its outcomes and their readers use. */
export interface DecidedExperiment {
  readonly name: string;
  /** The position among the experiments it was compiled with, from 0. */
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
 * A decision as the participant remembers it. Express reads from it what the decision depended on, to
 * set the tracking cookie and the caching headers. A participant keeps one for each experiment that was
 * decided, so everything that follows from the other fields is a getter.
 */
export class Outcome {
  readonly experiment: DecidedExperiment;
  /** Undefined only without consent, or if the fallback audience failed too. */
  readonly variant: string | undefined;
  /** The audience that decided; undefined for an override, a holdout, an error or without consent. */
  readonly audience: CompiledAudience | undefined;
  /** 0–99, or 0–9999 of 10,000 buckets; undefined if no bucket was needed. */
  readonly bucket: number | undefined;
  /** The text of the identity that the bucket was computed from. */
  readonly unit: string | undefined;
  /** The error that made the fallback audience decide (`onError: 'fallback'`). */
  readonly error: EvenhandError | undefined;
  /** True once the participant has reported that the variant was used. */
  exposed: boolean;

  constructor(
    experiment: DecidedExperiment,
    variant: string | undefined,
    audience: CompiledAudience | undefined,
    bucket: number | undefined,
    unit: string | undefined,
    error: EvenhandError | undefined,
  ) {
    this.experiment = experiment;
    this.variant = variant;
    this.audience = audience;
    this.bucket = bucket;
    this.unit = unit;
    this.error = error;
    this.exposed = false;
  }

  get reason(): Exclude<DecisionReason, 'unknown-experiment'> {
    if (this.audience !== undefined) return 'allocation';
    if (this.error !== undefined) return 'error';
    return this.variant === undefined ? 'no-consent' : 'override';
  }

  /**
   * The path of the identity that decides, in the context; or `random` or `anonymous`. Undefined for a
   * list of identities of which none was read.
   */
  get identityPath(): string | undefined {
    const { identity } = this.experiment.spec;
    return typeof identity === 'string' ? identity : undefined;
  }

  /** The name of the holdout that decided; undefined if none did. */
  get holdout(): string | undefined {
    return undefined;
  }

  /** True if the identity `random` drew the bucket. */
  get drawn(): boolean {
    return this.bucket !== undefined && this.experiment.identity === undefined;
  }

  /**
   * True if another participant might have got another variant, even with the same draw: a rule, an
   * identity or an override was read.
   */
  get personal(): boolean {
    const { experiment, audience, bucket } = this;
    if (audience === undefined || experiment.first !== experiment.fallback) return true;
    return bucket !== undefined && experiment.identity !== undefined;
  }
}
