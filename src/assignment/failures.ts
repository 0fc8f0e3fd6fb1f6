import { type EvenhandError, ownError } from '../errors/evenhand-error.ts';
import { IdentityError } from '../errors/identity-error.ts';
import { PlanoutError } from '../errors/planout-error.ts';
import { remediesFor } from '../errors/remedies.ts';
import { RuleError } from '../errors/rule-error.ts';
import { quote } from '../errors/show-value.ts';
import { kindOfThrown, thrownMessage } from '../errors/thrown.ts';
import { ContextError } from '../errors/usage-errors.ts';
import type { AssignmentPolicy, FailedPart } from './policy.ts';

/** A decision that could not be made. */
export interface Failure {
  readonly part: FailedPart;
  readonly thrown: unknown;
  /** The effect of `onError: 'fallback'`: `the fallback audience decides`. */
  readonly effect: string;
}

/**
 * Describes a failed decision in an error that names the part and the remedies. With `onError:
 * 'fallback'` the error is logged once for each part and cause. Never throws.
 */
export function describeFailure(failure: Failure, policy: AssignmentPolicy): EvenhandError {
  const error = errorOf(failure, policy);
  if (policy.onError === 'fallback') {
    const name = nameOf(failure.part);
    // The error of a draw names the experiment too.
    const where = isNamed(error) || error.message.startsWith(name) ? '' : name;
    policy.once.error(causeOf(failure.part, error), `evenhand: ${where}${error.message}`);
  }
  return error;
}

/**
 * Returns the value to throw with `onError: 'throw'`: the described error, or the value that the
 * application's own code threw.
 */
export function toThrow({ thrown }: Failure, error: EvenhandError): unknown {
  return ownError(thrown) === undefined ? thrown : error;
}

/** Returns true if two errors of a part have one cause, which is logged once. */
export function isSameCause(part: FailedPart, one: EvenhandError, other: EvenhandError): boolean {
  return causeOf(part, one) === causeOf(part, other);
}

function errorOf(failure: Failure, policy: AssignmentPolicy): EvenhandError {
  const { thrown } = failure;
  const own = ownError(thrown);
  if (own !== undefined) return named(own, failure, policy);
  return new ContextError(`a context value threw: ${thrownMessage(thrown)}`, { cause: thrown });
}

function named(
  error: EvenhandError,
  { part: { experiment, namespace }, effect }: Failure,
  policy: AssignmentPolicy,
): EvenhandError {
  // The error of another decision, which this one needed.
  if (isNamed(error)) return error;
  if (error instanceof PlanoutError && namespace !== undefined) {
    const advice = adviceFor(error, effect, policy);
    const draw = { namespace, experiment, advice };
    return new PlanoutError(error.code, error.reason, error, draw, { cause: error.cause });
  }
  if (error instanceof RuleError && experiment !== undefined) {
    const { code, reason, rule, range } = error;
    const advice = adviceFor(error, effect, policy);
    return new RuleError(code, reason, rule, range, { experiment, advice });
  }
  if (error instanceof IdentityError && experiment !== undefined) {
    const { identity, reason } = error;
    return new IdentityError(experiment, identity, reason, adviceFor(error, effect, policy));
  }
  return error;
}

/** Returns true for an error whose message names the decision that failed. */
function isNamed(error: EvenhandError): boolean {
  if (error instanceof PlanoutError) return error.namespace !== undefined;
  return (
    (error instanceof RuleError || error instanceof IdentityError) && error.experiment !== undefined
  );
}

/** Returns the remedies as a sentence. */
function adviceFor(
  error: RuleError | IdentityError | PlanoutError,
  effect: string,
  { onError, declaresContext }: AssignmentPolicy,
): string {
  const remedies = remediesFor(error, declaresContext);
  if (onError === 'throw') return oneOf([...remedies, `set onError: 'fallback' (${effect})`]);
  return remedies.length === 0 ? effect : `${oneOf(remedies)}; until then ${effect}`;
}

/** Lists the choices: `a, b, or c`. */
function oneOf(choices: readonly string[]): string {
  const comma = choices.length > 2 ? ',' : '';
  const last = choices.at(-1) ?? '';
  return choices.length < 2 ? last : `${choices.slice(0, -1).join(', ')}${comma} or ${last}`;
}

function nameOf({ experiment, namespace }: FailedPart): string {
  const names = [
    ...(namespace === undefined ? [] : [`namespace ${quote(namespace)}`]),
    ...(experiment === undefined ? [] : [`experiment ${quote(experiment)}`]),
  ];
  return names.length === 0 ? '' : `${names.join(', ')}: `;
}

/**
 * Returns a text that is the same for all requests with one fault; messages may contain user data.
 */
function causeOf({ namespace, experiment }: FailedPart, error: EvenhandError): string {
  const kind = kindOfThrown(error.cause);
  return JSON.stringify([namespace, experiment, error.code, ...placeOf(error), kind]);
}

function placeOf(error: EvenhandError): unknown[] {
  if (error instanceof RuleError) return [error.rule, error.range.start];
  if (error instanceof PlanoutError) {
    const { operator, parameter, path, line, column } = error;
    return [operator, parameter, path, line, column];
  }
  return [];
}
