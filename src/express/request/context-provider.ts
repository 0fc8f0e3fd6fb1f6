import type { Request } from 'express';
import { ownError } from '../../errors/evenhand-error.ts';
import { ContextError } from '../../errors/usage-errors.ts';
import { isThenable } from '../../runtime/thenable.ts';
import { within } from '../../runtime/within.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { showValue } from '../../errors/show-value.ts';
import { expressError } from '../express-error.ts';
import type { AssignmentPolicy } from '../../assignment/policy.ts';
import type { RequestContext } from './request-context.ts';

/** Returns context values for a request. They win over `user` and `anonymous`. */
export type ContextProvider = (req: Request) => object | Promise<object>;

/** The reaction to a context provider that fails or takes too long. */
export interface FailurePolicy extends Pick<AssignmentPolicy, 'onError' | 'once' | 'failed'> {
  readonly contextTimeoutMs: number;
}

/**
 * Adds a context provider's values to the context of a request. Returns a promise only if the provider
 * does.
 *
 * @throws ContextError (`context`) if the provider does not return an object or takes longer than
 *   `contextTimeoutMs`, and everything that it throws. With `onError: 'fallback'` the error is logged once and the request continues without the
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
    const { contextTimeoutMs: ms } = policy;
    adopt(context, await within(given, ms, () => late(ms)));
  } catch (error) {
    goWithout(error, policy);
  }
}

function late(timeoutMs: number): ContextError {
  return new ContextError(
    `"contextProvider" did not finish within ${timeoutMs} ms; give its own calls a shorter time limit, or raise "contextTimeoutMs"`,
  );
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

/**
 * Reacts to a context provider that failed: throws, or lets the request continue without the values.
 * Rules that need them then fail, and their fallback audiences decide.
 */
function goWithout(thrown: unknown, { onError, once, failed }: FailurePolicy): void {
  const reason = thrownMessage(thrown);
  const own = ownError(thrown);
  const error = own ?? new ContextError(`"contextProvider" failed: ${reason}`, { cause: thrown });
  failed?.(error, {}, undefined);
  if (onError === 'throw') throw expressError('"contextProvider"', thrown);
  once.error(
    'contextProvider',
    `evenhand: "contextProvider" failed; requests continue without its values: ${reason}`,
  );
}
