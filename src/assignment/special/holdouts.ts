import type { EvenhandError } from '../../errors/evenhand-error.ts';
import { bucketOfSeeded, bucketOfText } from '../../hash/bucket.ts';
import { MISSING, readPath } from '../../rules/values/attributes.ts';
import { atOnce } from '../../runtime/steps.ts';
import { ANONYMOUS_IDENTITY } from '../../specification/reserved-identities.ts';
import { identityPaths, type IdentitySpec } from '../../specification/identity-paths.ts';
import { asExperiment, HELD_OUT, INCLUDED } from '../../specification/holdouts.ts';
import type { ExperimentSpec, RulesOf, Specification } from '../../specification/types.ts';
import type { CompiledAudience } from '../audience.ts';
import { allocationOf, decide } from '../decide.ts';
import {
  type CompiledExperiment,
  compileSteps,
  type HoldoutTable,
  type SpecialDecisions,
} from '../experiment.ts';
import { type InexactIdentity, withholdsKey } from '../identity.ts';
import { Outcome } from '../outcome.ts';
import type { AssignmentPolicy } from '../policy.ts';
import type { Question } from './features.ts';
import { SpecialOutcome } from './special-outcome.ts';

/**
 * Compiles the holdouts of a specification; returns undefined without any. Their indexes follow those of
 * the experiments.
 */
export function compileHoldouts(
  { experiments, holdouts }: Specification,
  inexact: InexactIdentity,
): HoldoutTable | undefined {
  if (holdouts === undefined) return undefined;
  const specs = holdouts.map(asExperiment);
  const special = ({ identity }: ExperimentSpec) => new HoldoutDecisions(identity);
  const all = atOnce(compileSteps(specs, () => NO_RULES, inexact, special, experiments.length));
  const byExperiment = new Map<string, CompiledExperiment[]>();
  for (const [i, holdout] of all.entries()) {
    for (const name of holdouts[i]?.experiments ?? []) {
      byExperiment.set(name, [...(byExperiment.get(name) ?? []), holdout]);
    }
  }
  return { all, of: (experiment) => byExperiment.get(experiment) ?? NO_HOLDOUTS };
}

const NO_RULES: ReturnType<RulesOf> = new Map();

const NO_HOLDOUTS: readonly CompiledExperiment[] = [];

/**
 * Returns the decision of an experiment for participants who are held out: its control. The first holdout
 * that holds a participant out decides.
 *
 * @param control the variant that held-out participants get
 */
export function heldOutBy(
  holdouts: readonly CompiledExperiment[],
  control: string,
): (question: Question) => Outcome | undefined {
  return ({ experiment, context, policy, participant }) => {
    for (const holdout of holdouts) {
      const { variant } =
        participant === undefined
          ? decide(holdout, context, undefined, policy)
          : participant.outcomeOf(holdout);
      if (variant !== HELD_OUT) continue;
      policy.counts.heldOut++;
      const facts = { reason: 'holdout', holdout: holdout.name } as const;
      return new SpecialOutcome(
        experiment,
        control,
        undefined,
        undefined,
        undefined,
        undefined,
        facts,
      );
    }
    return undefined;
  };
}

/**
 * Decides holdouts. Unlike an experiment, a holdout without its identity is not an error: the participant
 * is included, and without a bucket no exposure is recorded.
 */
class HoldoutDecisions implements SpecialDecisions {
  private readonly paths: IdentityKeys;
  private readonly isTracked: boolean;

  constructor(identity: IdentitySpec) {
    this.paths = identityKeys(identity);
    this.isTracked = identityPaths(identity).includes(ANONYMOUS_IDENTITY);
  }

  within<T>(
    _experiment: CompiledExperiment,
    context: object,
    _policy: AssignmentPolicy,
    _participant: object | undefined,
    run: (context: object) => T,
  ): T {
    return run(context);
  }

  evaluate(experiment: CompiledExperiment, context: object, policy: AssignmentPolicy): Outcome {
    return this.allocate(experiment, experiment.fallback, context, policy, undefined);
  }

  allocate(
    experiment: CompiledExperiment,
    audience: CompiledAudience,
    context: object,
    _policy: AssignmentPolicy,
    error: EvenhandError | undefined,
  ): Outcome {
    // A holdout of 0 percent needs no identity.
    if (audience.only === INCLUDED) {
      return new Outcome(experiment, INCLUDED, audience, undefined, undefined, error);
    }
    const { identity, seed, seedWords, seedStart, spec } = experiment;
    if (lacksIdentity(context, this.paths)) {
      return this.isTracked && withholdsKey(context)
        ? new Outcome(experiment, undefined, undefined, undefined, undefined, error)
        : included(experiment);
    }
    // Throws for a value that can't tell participants apart.
    const chosen = identity?.choose?.(context);
    const unit = chosen === undefined ? identity?.(context) : chosen.text;
    if (unit === undefined) return included(experiment);
    const bucket =
      spec.buckets === undefined
        ? bucketOfSeeded(unit, seed, seedWords, seedStart)
        : bucketOfText(unit, seed, spec.buckets);
    const variant = allocationOf(audience, bucket)?.variant;
    if (chosen === undefined)
      return new Outcome(experiment, variant, audience, bucket, unit, error);
    const facts = { identityPath: chosen.path };
    return new SpecialOutcome(experiment, variant, audience, bucket, unit, error, facts);
  }
}

/** The keys of each path of an identity. */
export type IdentityKeys = readonly (readonly string[])[];

/** Returns the keys of each path of an identity. */
export function identityKeys(identity: IdentitySpec): IdentityKeys {
  return identityPaths(identity).map((path) => path.split('.'));
}

/** Returns true if a context has no value, or None, for each path of an identity. */
export function lacksIdentity(context: object, paths: IdentityKeys): boolean {
  return paths.every((keys) => {
    const value = readPath(context, keys);
    return value === MISSING || value === null || value === undefined;
  });
}

/** Returns the outcome of a participant without the identity. */
function included(experiment: CompiledExperiment): Outcome {
  // Without an audience, because the identity was read: another participant may be held out.
  const facts = { reason: 'allocation' } as const;
  return new SpecialOutcome(
    experiment,
    INCLUDED,
    undefined,
    undefined,
    undefined,
    undefined,
    facts,
  );
}
