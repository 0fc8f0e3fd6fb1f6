import { ContextError } from '../errors/usage-errors.ts';

/**
 * What was thrown, as something Express takes for an error: `next(undefined)` would go on as if
 * nothing had happened, and `next('route')` has a meaning of its own.
 *
 * @param where what threw, for the message
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
