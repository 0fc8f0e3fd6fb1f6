import { type EvenhandError, ownError } from '../errors/evenhand-error.ts';
import { IdentityError } from '../errors/identity-error.ts';
import { quote, showValue } from '../errors/show-value.ts';
import { thrownMessage } from '../errors/thrown.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { type BucketCount, BUCKETS, bucketOfDraw, bucketOfSeeded } from '../hash/bucket.ts';
import { watchRejection } from '../runtime/thenable.ts';
import { ruleHolds } from '../rules/compile/compile.ts';
import type { AllocationRange, CompiledAudience } from './audience.ts';
import type { CompiledExperiment } from './experiment.ts';
import { describeFailure, isSameCause, toThrow } from './failures.ts';
import { Outcome } from './outcome.ts';
import type { AssignmentPolicy } from './policy.ts';

/**
 * Decides one experiment for one context. An override of a declared variant wins. Otherwise the first
 * audience whose rule is true counts; then the bucket; then the allocation that holds it. These are the
 * steps of Cravensworth's `Experiment.determine_variant`, except that an audience which gives all its
 * buckets to one variant needs no identity.
 *
 * @param override the variant forced for this participant, if any; ignored if it is not declared
 * @param participant reported with a failure
 * @throws RuleError or IdentityError, unless the policy is to fall back
 */
export function decide(
  experiment: CompiledExperiment,
  context: object,
  override: string | undefined,
  policy: AssignmentPolicy,
  participant?: object,
): Outcome {
  if (override !== undefined && experiment.variants.has(override)) {
    policy.counts.overrides++;
    return new Outcome(experiment, override, undefined, undefined, undefined, undefined);
  }
  try {
    return experiment.special === undefined
      ? evaluateAudiences(experiment, context, policy)
      : experiment.special.evaluate(experiment, context, policy, participant);
  } catch (thrown) {
    return afterFailure(experiment, context, policy, thrown, participant);
  }
}

/**
 * Lets the audiences of an experiment decide.
 *
 * @throws RuleError, IdentityError and whatever the context throws
 */
export function evaluateAudiences(
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

/** Lets the fallback audience decide, or throws, as the policy says. */
function afterFailure(
  experiment: CompiledExperiment,
  context: object,
  policy: AssignmentPolicy,
  thrown: unknown,
  participant: object | undefined,
): Outcome {
  const { name, fallback } = experiment;
  const part = { experiment: name };
  const failure = { part, thrown, effect: effectOf(thrown, fallback) };
  const error = describeFailure(failure, policy);
  policy.failed?.(error, part, participant);
  if (policy.onError === 'throw') throw toThrow(failure, error);
  try {
    return allocate(experiment, fallback, context, policy, error);
  } catch (again) {
    const last = describeFailure({ part, thrown: again, effect: NO_VARIANT }, policy);
    // The fallback audience may need the identity that has just failed: that counts as one failure.
    if (!isSameCause(part, error, last)) policy.failed?.(last, part, participant);
    return new Outcome(experiment, undefined, undefined, undefined, undefined, last);
  }
}

const NO_VARIANT = 'the participant gets no variant';

/** Returns the effect of falling back. A fallback audience with a split needs the identity too. */
function effectOf(thrown: unknown, fallback: CompiledAudience): string {
  return fallback.only === undefined && ownError(thrown) instanceof IdentityError
    ? NO_VARIANT
    : 'the fallback audience decides';
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
  const { identity, seed, seedWords, seedStart, special } = experiment;
  if (special !== undefined) return special.allocate(experiment, audience, context, policy, error);
  let unit: string | undefined;
  let bucket: number;
  if (identity === undefined) {
    bucket = draw(policy, experiment.name);
  } else {
    unit = identity(context);
    if (unit === undefined) return withoutConsent(experiment, policy, error);
    bucket = bucketOfSeeded(unit, seed, seedWords, seedStart);
  }
  const variant = allocationOf(audience, bucket)?.variant;
  return new Outcome(experiment, variant, audience, bucket, unit, error);
}

/** Gives no variant to a visitor who has not consented to be recognised. Nothing is logged. */
export function withoutConsent(
  experiment: CompiledExperiment,
  policy: AssignmentPolicy,
  error: EvenhandError | undefined,
): Outcome {
  policy.counts.withoutConsent++;
  return new Outcome(experiment, undefined, undefined, undefined, undefined, error);
}

/**
 * Draws a bucket for the identity `random`, with the application's generator if it has one.
 *
 * @param buckets the number of buckets
 */
export function draw(
  { random }: AssignmentPolicy,
  experiment: string,
  buckets: BucketCount = BUCKETS,
): number {
  let drawn: unknown;
  try {
    drawn = random();
  } catch (thrown) {
    throw drawError(experiment, `threw: ${thrownMessage(thrown)}`, { cause: thrown });
  }
  if (typeof drawn === 'number' && drawn >= 0 && drawn < 1) return bucketOfDraw(drawn, buckets);
  // An async function: nothing awaits its promise, whose rejection must not end the process.
  watchRejection(drawn, () => {});
  throw drawError(experiment, `must return numbers in [0, 1), not ${showValue(drawn)}`);
}

function drawError(
  experiment: string,
  problem: string,
  options?: { readonly cause: unknown },
): OptionError {
  const where = `experiment ${quote(experiment)}`;
  return new OptionError(`${where}: the option "random" ${problem}`, options);
}
