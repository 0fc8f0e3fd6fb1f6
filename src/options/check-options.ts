import { OptionError } from '../errors/usage-errors.ts';
import { quote, showValue } from '../errors/show-value.ts';
import { didYouMean } from '../errors/did-you-mean.ts';

/** The check of one option. */
export interface OptionCheck {
  /** The end of the sentence "option x must be …". */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
}

/** The checks of options by their names. */
export type OptionChecks = ReadonlyMap<string, OptionCheck>;

/** Tells whether a value is an object that can hold named values. A list is not. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function';
}

/** Checks shared by several tables. */
export const checks = {
  aFunction: { expected: 'a function', accepts: isFunction },
  aBoolean: {
    expected: 'true or false',
    accepts: (value) => typeof value === 'boolean',
  },
  anObject: {
    expected: 'an object',
    accepts: isObject,
  },
} as const satisfies Record<string, OptionCheck>;

/** Returns a check that accepts one of the given words. */
export function oneOf(...words: readonly string[]): OptionCheck {
  return {
    expected: words.map((word) => JSON.stringify(word)).join(' or '),
    accepts: (value) => typeof value === 'string' && words.includes(value),
  };
}

/**
 * Checks an options object against its table. An undefined option counts as missing.
 *
 * Returns a copy with the object's own options only. Options are read from the copy, which inherits
 * nothing, so that a property that other code has put on `Object.prototype` can't become an option.
 *
 * @param where the function that takes the options, for messages: `evenhand()`
 * @throws OptionError (`option`) for an unknown option, with a suggestion, or an invalid value
 */
export function checkOptions<Options extends object>(
  where: string,
  options: Options,
  table: OptionChecks,
): Options {
  const given: unknown = options;
  if (!isObject(given)) {
    throw new OptionError(`${where} takes an options object, not ${showValue(given)}`);
  }
  const own: Options = Object.assign(Object.create(null), options);
  for (const [name, value] of Object.entries(own)) {
    const check = table.get(name);
    if (check === undefined) throw unknownOption(where, name, table);
    if (value !== undefined && !isAccepted(check, value)) {
      throw new OptionError(
        `${where}: option ${quote(name)} must be ${check.expected}, not ${showValue(value)}`,
      );
    }
  }
  return own;
}

/** A value whose properties can't be read, such as a logger with a throwing getter, is refused. */
function isAccepted(check: OptionCheck, value: unknown): boolean {
  try {
    return check.accepts(value);
  } catch {
    return false;
  }
}

function unknownOption(where: string, name: string, table: OptionChecks): OptionError {
  const known = [...table.keys()];
  const meant = didYouMean(name, known);
  const advice =
    meant === undefined ? `known: ${known.join(', ')}` : `did you mean ${JSON.stringify(meant)}?`;
  return new OptionError(`${where}: unknown option ${quote(name)}; ${advice}`);
}
