import type { Request } from 'express';
import { ContextError } from '../../errors/usage-errors.ts';
import { isThenable } from '../../runtime/thenable.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { showValue } from '../../errors/show-value.ts';
import { expressError } from '../express-error.ts';
import type { AssignmentPolicy } from '../../assignment/policy.ts';
import type { RequestContext } from './request-context.ts';

/** Returns context values for a request. They win over `user` and `anonymous`. */
export type ContextProvider = (req: Request) => object | Promise<object>;

/** The reaction to a context provider that fails. */
export type FailurePolicy = Pick<AssignmentPolicy, 'onError' | 'once'>;

/**
 * Adds a context provider's values to the context of a request. Returns a promise only if the provider
 * does.
 *
 * @throws ContextError (`context`) if the provider does not return an object, and everything that it
 *   throws. With `onError: 'fallback'` the error is logged once and the request continues without the
 *   values
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
