import { OptionError } from '../errors/usage-errors.ts';

/**
 * Throws if a function got a request, a response and `next`: it was given to Express in place of the
 * handler that it returns.
 *
 * @param where the function, for the message: `evenhand()`
 * @param given its arguments
 * @param call the correct call: `app.use(evenhand())`
 * @throws OptionError (`option`)
 */
export function assertCalled(where: string, given: readonly unknown[], call = where): void {
  const [req, , next] = given;
  if (typeof req !== 'object' || req === null || typeof next !== 'function') return;
  throw new OptionError(
    `${where.replace('()', '')} was given to Express without a call, so a request became its argument; call it: ${call}`,
  );
}
