import { OptionError } from '../../errors/usage-errors.ts';
import { isBetween } from '../../options/numbers.ts';

/** The last moment that a Date can have, in milliseconds since 1970. */
const MAX_MS = 8.64e15;

/**
 * Returns the present in milliseconds since 1970: that of the options, or the clock's.
 *
 * @throws OptionError (`option`) for an invalid Date or number
 */
export function presentOf({ now = Date.now() }: { readonly now?: Date | number }): number {
  const ms = Number(now);
  if (isBetween(ms, 0, MAX_MS)) return ms;
  throw new OptionError('now must be a valid Date or milliseconds since 1970');
}
