import type { EvenhandError } from '../../errors/evenhand-error.ts';
import type { CompiledAudience } from '../audience.ts';
import { type DecidedExperiment, type DecisionReason, Outcome } from '../outcome.ts';

/** The facts of an outcome that most outcomes don't have. */
export interface OutcomeFacts {
  /** The reason, if it is not the usual one. */
  readonly reason?: Exclude<DecisionReason, 'unknown-experiment'>;
  /** The path of the identity that decided, of an experiment with a list of identities. */
  readonly identityPath?: string;
  /** True if another participant might have got another variant, which no other fact shows. */
  readonly personal?: true;
  /** The holdout that decided. */
  readonly holdout?: string;
}

/** An outcome with further facts. It is a class of its own, so that other outcomes need no room for them. */
export class SpecialOutcome extends Outcome {
  private readonly facts: OutcomeFacts;

  constructor(
    experiment: DecidedExperiment,
    variant: string | undefined,
    audience: CompiledAudience | undefined,
    bucket: number | undefined,
    unit: string | undefined,
    error: EvenhandError | undefined,
    facts: OutcomeFacts,
  ) {
    super(experiment, variant, audience, bucket, unit, error);
    this.facts = facts;
  }

  override get reason(): Exclude<DecisionReason, 'unknown-experiment'> {
    return this.facts.reason ?? super.reason;
  }

  override get personal(): boolean {
    return this.facts.personal ?? super.personal;
  }

  override get identityPath(): string | undefined {
    return this.facts.identityPath ?? super.identityPath;
  }

  override get holdout(): string | undefined {
    return this.facts.holdout;
  }
}
