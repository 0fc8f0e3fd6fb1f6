import { isObject } from '../../../options/check-options.ts';
import { OptionError } from '../../../errors/usage-errors.ts';
import { quote, showValue } from '../../../errors/show-value.ts';
import { thrownMessage } from '../../../errors/thrown.ts';

/** What can be changed of a namespace without moving anybody. */
const CHANGEABLE: ReadonlySet<string> = new Set([
  'inputs',
  'defaults',
  'exposure',
  'description',
  'owner',
]);

/** Half of a character, without the other. */
const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * A copy of what was given, as JSON has it: what is validated is what will be written.
 *
 * @throws OptionError (`option`) for what is no object, or has no JSON
 */
export function plainCopy(where: string, given: unknown): Record<string, unknown> {
  if (!isObject(given)) throw new OptionError(`${where} takes an object, not ${showValue(given)}`);
  try {
    return JSON.parse(JSON.stringify(given)) as Record<string, unknown>;
  } catch (error) {
    throw new OptionError(`${where}: what was given has no JSON: ${thrownMessage(error)}`);
  }
}

/**
 * A name as PostgreSQL will give it back.
 *
 * @throws OptionError (`option`) for what is no text, is empty, or what PostgreSQL has no form for: the
 *   character NUL and halves of characters
 */
export function nameOf(what: string, given: unknown): string {
  if (typeof given !== 'string' || given === '' || !isStorable(given)) {
    throw new OptionError(
      `${what} must be a text without control characters, not ${showValue(given)}`,
    );
  }
  return given;
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && !LONE_SURROGATE.test(text);
}

/**
 * Settings that can be changed, as JSON has them.
 *
 * @throws OptionError (`option`) for a property that is none of them, or that must stay as it is
 */
export function changesOf(given: unknown): Record<string, unknown> {
  const changes = plainCopy('change()', given);
  for (const name of Object.keys(changes)) {
    if (CHANGEABLE.has(name)) continue;
    throw new OptionError(
      `change(): there is no property ${quote(name)} that could be changed; known: ${[...CHANGEABLE].join(', ')}`,
    );
  }
  return changes;
}
