import { isObject } from '../../../options/check-options.ts';
import { OptionError } from '../../../errors/usage-errors.ts';
import { quote, showValue } from '../../../errors/show-value.ts';
import { thrownMessage } from '../../../errors/thrown.ts';

/** The settings of a namespace that can be changed without moving any unit. */
const CHANGEABLE: ReadonlySet<string> = new Set([
  'inputs',
  'defaults',
  'exposure',
  'description',
  'owner',
]);

/** Half of a surrogate pair without the other half. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Returns a copy of an argument as plain JSON, so that the validated value is the one that is
 * written.
 *
 * @throws OptionError (`option`) if it is not an object, or can't be written as JSON
 */
export function plainCopy(where: string, given: unknown): Record<string, unknown> {
  if (!isObject(given))
    throw new OptionError(`${where}: the argument must be an object, not ${showValue(given)}`);
  try {
    return JSON.parse(JSON.stringify(given)) as Record<string, unknown>;
  } catch (error) {
    throw new OptionError(
      `${where}: the argument can't be written as JSON: ${thrownMessage(error)}`,
    );
  }
}

/**
 * Returns a name that PostgreSQL can store unchanged.
 *
 * @throws OptionError (`option`) if it is not a string, is empty, or contains the character NUL or
 *   half of a surrogate pair
 */
export function nameOf(what: string, given: unknown): string {
  if (typeof given !== 'string' || given === '' || !isStorable(given)) {
    throw new OptionError(
      `${what} must be a non-empty string without NUL characters, not ${showValue(given)}`,
    );
  }
  return given;
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && !LONE_SURROGATE.test(text);
}

/**
 * Returns the changed settings as plain JSON.
 *
 * @throws OptionError (`option`) for an unknown property, or one that can't be changed
 */
export function changesOf(given: unknown): Record<string, unknown> {
  const changes = plainCopy('change()', given);
  for (const name of Object.keys(changes)) {
    if (CHANGEABLE.has(name)) continue;
    throw new OptionError(
      `change(): the property ${quote(name)} can't be changed; these can: ${[...CHANGEABLE].join(', ')}`,
    );
  }
  return changes;
}
