import type { Request } from 'express';
import { ContextError } from '../../errors/usage-errors.ts';
import { isThenable } from '../../runtime/thenable.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { showValue } from '../../errors/show-value.ts';
import { expressError } from '../express-error.ts';
import type { AssignmentPolicy } from '../../assignment/policy.ts';
import type { RequestContext } from './request-context.ts';

/** Gives context values for a request; its own names win over `user` and `anonymous`. */
export type ContextProvider = (req: Request) => object | Promise<object>;

/** What happens when a context provider fails. */
export type FailurePolicy = Pick<AssignmentPolicy, 'onError' | 'once'>;

/**
 * Adds a context provider's values to the context of a request. Answers with a promise only where
 * the provider does.
 *
 * @throws ContextError (`context`) where it gives no object, and whatever it throws; with `onError`
 *   as `fallback` these are logged once, and the request goes on without the values
 */
export function provideContext(
  provider: ContextProvider,
  req: Request,
  context: RequestContext,
  policy: FailurePolicy,
): Promise<void> | undefined {
  try {
    const given: unknown = provider(req);
    if (isThenable(given)) return provideLater(given, context, policy);
    adopt(context, given);
  } catch (error) {
    goWithout(error, policy);
  }
  return undefined;
}

async function provideLater(
  given: PromiseLike<unknown>,
  context: RequestContext,
  policy: FailurePolicy,
): Promise<void> {
  try {
    adopt(context, await given);
  } catch (error) {
    goWithout(error, policy);
  }
}

function adopt(context: RequestContext, given: unknown): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new ContextError(
      `"contextProvider" must return an object with context values, not ${showValue(given)}`,
    );
  }
  for (const [name, value] of given instanceof Map ? given : Object.entries(given)) {
    if (typeof name !== 'string') continue;
    // Assigning to a getter would throw, and assigning to `__proto__` would change the class.
    Object.defineProperty(context, name, { value, enumerable: true, configurable: true });
  }
}

function goWithout(thrown: unknown, { onError, once }: FailurePolicy): void {
  const error = expressError('"contextProvider"', thrown);
  if (onError === 'throw') throw error;
  const reason = thrownMessage(error);
  once.error(
    'contextProvider',
    `evenhand: "contextProvider" failed; requests continue without its values: ${reason}`,
  );
}
