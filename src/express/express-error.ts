import { isReadable, thrownMessage } from '../errors/thrown.ts';
import { ContextError } from '../errors/usage-errors.ts';

/**
 * Returns a thrown value in a form that Express accepts as an error. `next(undefined)` would continue
 * as if nothing had happened, `next('route')` has a special meaning, and Express throws for an object
 * that can't be read. Never throws.
 *
 * @param where the name of the function that threw, for the message
 */
export function expressError(where: string, thrown: unknown): object {
  if (!isReadable(thrown)) {
    return new ContextError(`${where} threw a value that can't be read; throw an Error instead`);
  }
  if (typeof thrown === 'object' && thrown !== null) return thrown;
  return new ContextError(
    `${where} threw ${JSON.stringify(thrownMessage(thrown))}, which is not an Error`,
    { cause: thrown },
  );
}
