import { type EvenhandError, ownError } from '../errors/evenhand-error.ts';
import { IdentityError } from '../errors/identity-error.ts';
import { RuleError } from '../errors/rule-error.ts';
import { ContextError, OptionError } from '../errors/usage-errors.ts';
import { BUCKETS, bucketOfSeeded } from '../hash/bucket.ts';
import { showValue } from '../errors/show-value.ts';
import { kindOfThrown, thrownMessage } from '../errors/thrown.ts';
import { watchRejection } from '../runtime/thenable.ts';
import { ruleHolds } from '../rules/compile/compile.ts';
import type { AllocationRange, CompiledAudience } from './audience.ts';
import type { CompiledExperiment } from './experiment.ts';
import { Outcome } from './outcome.ts';
import type { AssignmentPolicy } from './policy.ts';

/**
 * Decides one experiment for one context. An override of a declared variant wins. Otherwise the first
 * audience whose rule is true counts; then the bucket; then the allocation that holds it. These are the
 * steps of Cravensworth's `Experiment.determine_variant`, except that an audience which gives all its
 * buckets to one variant needs no identity.
 *
 * @param override the variant forced for this participant, if any; ignored if it is not declared
 * @throws RuleError or IdentityError, unless the policy is to fall back
 */
export function decide(
  experiment: CompiledExperiment,
  context: object,
  override: string | undefined,
  policy: AssignmentPolicy,
): Outcome {
  if (override !== undefined && experiment.variants.has(override)) {
    policy.counts.overrides++;
    return new Outcome(experiment, override, undefined, undefined, undefined, undefined);
  }
  return policy.onError === 'throw'
    ? evaluate(experiment, context, policy)
    : evaluateOrFallBack(experiment, context, policy);
}

function evaluate(
  experiment: CompiledExperiment,
  context: object,
  policy: AssignmentPolicy,
): Outcome {
  const { fallback } = experiment;
  let audience = experiment.first;
  while (audience !== fallback) {
    if (takes(audience, context)) {
      return allocate(experiment, audience, context, policy, undefined);
    }
    audience = audience.next ?? fallback;
  }
  return experiment.otherwise ?? allocate(experiment, fallback, context, policy, undefined);
}

/** Lets the fallback audience decide if a rule or the identity fails. */
function evaluateOrFallBack(
  experiment: CompiledExperiment,
  context: object,
  policy: AssignmentPolicy,
): Outcome {
  let error: EvenhandError;
  try {
    return evaluate(experiment, context, policy);
  } catch (thrown) {
    error = report(experiment, thrown, policy);
  }
  try {
    return allocate(experiment, experiment.fallback, context, policy, error);
  } catch (thrown) {
    error = report(experiment, thrown, policy);
    return new Outcome(experiment, undefined, undefined, undefined, undefined, error);
  }
}

/**
 * Returns true if the context is in the audience.
 *
 * @throws RuleError while evaluating its rule, and whatever the context throws
 */
function takes({ run, rule }: CompiledAudience, context: object): boolean {
  return run === undefined || rule === undefined || ruleHolds(run, rule, context);
}

/** Returns the allocation that holds a bucket. */
export function allocationOf(
  { ranges }: CompiledAudience,
  bucket: number,
): AllocationRange | undefined {
  // A loop, as there are few ranges: filling a table of 100 at load costs more than it saves.
  // By index: V8 then inlines more of the decision.
  for (let i = 0; i < ranges.length; i++) {
    const range = ranges[i];
    if (range !== undefined && bucket <= range.to) return range;
  }
  return undefined;
}

function allocate(
  experiment: CompiledExperiment,
  audience: CompiledAudience,
  context: object,
  policy: AssignmentPolicy,
  error: EvenhandError | undefined,
): Outcome {
  const { only } = audience;
  if (only !== undefined) {
    return new Outcome(experiment, only, audience, undefined, undefined, error);
  }
  const { identity, seed, seedWords, seedStart } = experiment;
  let unit: string | undefined;
  let bucket: number;
  if (identity === undefined) {
    bucket = draw(policy);
  } else {
    unit = identity(context, experiment.name);
    bucket = bucketOfSeeded(unit, seed, seedWords, seedStart);
  }
  const variant = allocationOf(audience, bucket)?.variant;
  return new Outcome(experiment, variant, audience, bucket, unit, error);
}

/** Draws a bucket for the identity `random`, with the application's generator if it has one. */
function draw({ random }: AssignmentPolicy): number {
  const drawn: unknown = random();
  if (typeof drawn === 'number' && drawn >= 0 && drawn < 1) return Math.floor(drawn * BUCKETS);
  // An async function: nothing awaits its promise, whose rejection must not end the process.
  watchRejection(drawn, () => {});
  throw new OptionError(
    `the option "random" must return numbers in [0, 1), not ${showValue(drawn)}`,
  );
}

/** Logs once per experiment and cause. Returns the error in a form that a decision can contain. */
function report(
  experiment: CompiledExperiment,
  thrown: unknown,
  policy: AssignmentPolicy,
): EvenhandError {
  const error =
    ownError(thrown) ??
    new ContextError(`a context value threw: ${thrownMessage(thrown)}`, { cause: thrown });
  // The message of an IdentityError names its experiment.
  const where =
    error instanceof IdentityError ? '' : `experiment ${JSON.stringify(experiment.name)}: `;
  policy.once.error(causeOf(experiment, error), `evenhand: ${where}${error.message}`);
  return error;
}

/**
 * Returns a text that is the same for all requests with one fault; messages may contain user data.
 */
function causeOf(experiment: CompiledExperiment, error: EvenhandError): string {
  const place = error instanceof RuleError ? `${error.rule}\n${error.range.start}` : '';
  return [experiment.name, error.code, place, kindOfThrown(error.cause)].join('\n');
}
