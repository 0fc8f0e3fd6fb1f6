import { ContextError } from '../errors/usage-errors.ts';

/**
 * Returns a thrown value in a form that Express accepts as an error. `next(undefined)` would continue
 * as if nothing had happened, and `next('route')` has a special meaning.
 *
 * @param where the name of the function that threw, for the message
 */
export function expressError(where: string, thrown: unknown): object {
  if (typeof thrown === 'object' && thrown !== null) return thrown;
  return new ContextError(
    `${where} threw ${JSON.stringify(String(thrown))}, which is not an Error`,
    {
      cause: thrown,
    },
  );
}
