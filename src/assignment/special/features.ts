import type { EvenhandError } from '../../errors/evenhand-error.ts';
import { bucketOfText, BUCKETS } from '../../hash/bucket.ts';
import type { CompiledAudience } from '../audience.ts';
import { allocationOf, draw, evaluateAudiences, withoutConsent } from '../decide.ts';
import type { CompiledExperiment, SpecialDecisions, SpecialParticipant } from '../experiment.ts';
import { Outcome } from '../outcome.ts';
import type { AssignmentPolicy } from '../policy.ts';
import { withOtherVariants } from './prerequisites.ts';
import { SpecialOutcome } from './special-outcome.ts';

/** The question of one participant about one experiment. */
export interface Question {
  readonly experiment: CompiledExperiment;
  /** The values that rules and identities read. */
  readonly context: object;
  readonly policy: AssignmentPolicy;
  /** Undefined outside a participant. */
  readonly participant: SpecialParticipant | undefined;
}

/** The features that one experiment uses. */
export interface FeatureParts {
  /** Return an outcome that comes before the audiences, in this order; undefined lets the next decide. */
  readonly before?: readonly ((question: Question) => Outcome | undefined)[];
  /** Returns the context that rules and identities read instead of the participant's. */
  readonly contextFor?: (question: Question) => object;
  /** True if rules ask for the participant's variants of other experiments. */
  readonly asks?: true;
  /** Is called with each outcome of the audiences, and returns it or a more telling one. */
  readonly after?: (outcome: Outcome, question: Question) => Outcome;
}

/** Decides an experiment that uses features beyond audiences. */
export class Features implements SpecialDecisions {
  private readonly parts: FeatureParts;

  constructor(parts: FeatureParts) {
    this.parts = parts;
  }

  evaluate(
    experiment: CompiledExperiment,
    context: object,
    policy: AssignmentPolicy,
    participant: SpecialParticipant | undefined,
  ): Outcome {
    const { before, contextFor, after } = this.parts;
    const asked: Question = { experiment, context, policy, participant };
    const question = contextFor === undefined ? asked : { ...asked, context: contextFor(asked) };
    for (const decide of before ?? []) {
      const outcome = decide(question);
      if (outcome !== undefined) return outcome;
    }
    const outcome = this.run(question, () =>
      evaluateAudiences(experiment, question.context, policy),
    );
    return after === undefined ? outcome : after(outcome, question);
  }

  within<T>(
    experiment: CompiledExperiment,
    context: object,
    policy: AssignmentPolicy,
    participant: SpecialParticipant | undefined,
    run: (context: object) => T,
  ): T {
    const question: Question = { experiment, context, policy, participant };
    const seen = this.parts.contextFor?.(question) ?? context;
    return this.run(question, () => run(seen));
  }

  /** Runs code that evaluates rules. */
  private run<T>({ participant }: Question, evaluate: () => T): T {
    return this.parts.asks === true ? withOtherVariants(participant, evaluate) : evaluate();
  }

  allocate(
    experiment: CompiledExperiment,
    audience: CompiledAudience,
    context: object,
    policy: AssignmentPolicy,
    error: EvenhandError | undefined,
  ): Outcome {
    const { identity, seed, name, spec } = experiment;
    const buckets = spec.buckets ?? BUCKETS;
    let unit: string | undefined;
    let path: string | undefined;
    let bucket: number;
    if (identity === undefined) {
      bucket = draw(policy, name, buckets);
    } else {
      if (identity.choose === undefined) unit = identity(context);
      else ({ path, text: unit } = identity.choose(context) ?? NONE);
      if (unit === undefined) return withoutConsent(experiment, policy, error);
      bucket = bucketOfText(unit, seed, buckets);
    }
    const variant = allocationOf(audience, bucket)?.variant;
    if (path === undefined) return new Outcome(experiment, variant, audience, bucket, unit, error);
    const facts = { identityPath: path };
    return new SpecialOutcome(experiment, variant, audience, bucket, unit, error, facts);
  }
}

/** The choice from a list of identities without consent. */
const NONE = { path: undefined, text: undefined };
