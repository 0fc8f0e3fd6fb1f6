import { ContextError, EvenhandError, IdentityError, OptionError, RuleError } from '../errors.ts';
import { BUCKETS, bucketOfSeeded } from '../hash/bucket.ts';
import { thrownMessage } from '../thrown.ts';
import { allocationOf, type CompiledAudience } from './audience.ts';
import type { CompiledExperiment } from './experiment.ts';
import { ObservedOutcome, Outcome } from './outcome.ts';
import type { AssignmentPolicy } from './policy.ts';

/**
 * Decides one experiment for one context: an override of a declared variant first; else the first
 * audience whose rule is true; then the bucket; then the allocation that holds it. The same steps as
 * Cravensworth's `Experiment.determine_variant`, but that an audience which gives all its buckets to
 * one variant is not asked for an identity.
 *
 * @param override the variant forced for this participant, if any; ignored where not declared
 * @throws RuleError or IdentityError, unless the policy is to fall back
 */
export function decide(
  experiment: CompiledExperiment,
  context: object,
  override: string | undefined,
  policy: AssignmentPolicy,
): Outcome {
  if (override !== undefined && experiment.variants.has(override)) {
    return outcomeOf(policy, undefined, experiment, override, undefined, undefined, undefined);
  }
  if (policy.onError === 'throw') {
    const audience = audienceFor(experiment, context);
    return allocate(experiment, audience, context, policy, undefined);
  }
  let error: EvenhandError | undefined;
  try {
    const audience = audienceFor(experiment, context);
    return allocate(experiment, audience, context, policy, undefined);
  } catch (thrown) {
    error = report(experiment, thrown, policy);
  }
  try {
    return allocate(experiment, experiment.fallback, context, policy, error);
  } catch (thrown) {
    const last = report(experiment, thrown, policy);
    return outcomeOf(policy, undefined, experiment, undefined, undefined, undefined, last);
  }
}

function audienceFor(experiment: CompiledExperiment, context: object): CompiledAudience {
  for (const audience of experiment.audiences) {
    if (audience.rule?.holds(context)) return audience;
  }
  return experiment.fallback;
}

function allocate(
  experiment: CompiledExperiment,
  audience: CompiledAudience,
  context: object,
  policy: AssignmentPolicy,
  error: EvenhandError | undefined,
): Outcome {
  let bucket: number | undefined;
  let unit: string | undefined;
  if (audience.only === undefined) {
    if (experiment.identity === undefined) {
      bucket = draw(policy);
    } else {
      unit = experiment.identity(context, experiment.name);
      bucket = bucketOfSeeded(unit, experiment.seedBytes);
    }
  }
  const variant = bucket === undefined ? audience.only : allocationOf(audience, bucket)?.variant;
  return outcomeOf(policy, unit, experiment, variant, audience, bucket, error);
}

/** Larger where it is observed. */
function outcomeOf(
  { keepsUnits }: AssignmentPolicy,
  unit: string | undefined,
  ...rest: ConstructorParameters<typeof Outcome>
): Outcome {
  return keepsUnits ? new ObservedOutcome(unit, ...rest) : new Outcome(...rest);
}

/** A bucket for the identity `random`; the application may have its own way to draw. */
function draw({ random }: AssignmentPolicy): number {
  const drawn = random();
  if (drawn >= 0 && drawn < 1) return Math.floor(drawn * BUCKETS);
  throw new OptionError(`the option "random" must give numbers in [0, 1), not ${String(drawn)}`);
}

/** Logs once per experiment and cause; gives the error in a form a decision can carry. */
function report(
  experiment: CompiledExperiment,
  thrown: unknown,
  policy: AssignmentPolicy,
): EvenhandError {
  const error =
    thrown instanceof EvenhandError
      ? thrown
      : new ContextError(`a context value threw: ${thrownMessage(thrown)}`, { cause: thrown });
  // An IdentityError names its experiment itself.
  const where =
    error instanceof IdentityError ? '' : `experiment ${JSON.stringify(experiment.name)}: `;
  policy.once.error(causeOf(experiment, error), `evenhand: ${where}${error.message}`);
  return error;
}

/** What is the same for all requests that meet one fault; messages may hold what a request brought. */
function causeOf(experiment: CompiledExperiment, error: EvenhandError): string {
  const place = error instanceof RuleError ? `${error.rule}\n${error.range.start}` : '';
  const { cause } = error;
  const kind = typeof cause === 'object' && cause !== null ? cause.constructor?.name : typeof cause;
  return [experiment.name, error.code, place, kind].join('\n');
}
