import { IdentityError } from '../errors/identity-error.ts';
import type { OnceLogger } from '../runtime/logger.ts';
import { identityText } from '../hash/text.ts';
import { MISSING, readerOf, readPath } from '../rules/values/attributes.ts';

/**
 * Reads an identity's text from a context; the experiment's name is for errors.
 *
 * @throws IdentityError if the identity is missing or has no text
 */
export type IdentityReader = (context: object, experiment: string) => string;

/** Called with an identity that is a whole number above 2^53; other ids are the same number. */
export type InexactIdentity = (path: string, value: number) => void;

/**
 * Compiles an identity's path to its reader, which all experiments with this identity share. The text
 * is Python's `str` of the value, because Cravensworth hashes that.
 *
 * @param path a dotted path in the context: `user.id`, `anonymous`
 */
export function compileIdentity(path: string, inexact?: InexactIdentity): IdentityReader {
  const keys = path.split('.');
  const [first, second] = keys;
  if (first === undefined || second === undefined || keys.length > 2) {
    return (context, experiment) => {
      const value = readPath(context, keys);
      if (value === MISSING) throw missing(experiment, keys, missingDepth(context, keys));
      return unitTextOrThrow(value, experiment, path, inexact);
    };
  }
  // Most paths have two keys, and reading them without a loop is faster.
  const readFirst = readerOf(first);
  const readSecond = readerOf(second);
  return (context, experiment) => {
    const owner = readFirst(context);
    if (owner === MISSING) throw missing(experiment, keys, 1);
    const value = readSecond(owner);
    if (value === MISSING) throw missing(experiment, keys, 2);
    return unitTextOrThrow(value, experiment, path, inexact);
  };
}

/** Returns true for a whole number above 2^53, from which several ids can't be told apart. */
export function isInexact(value: unknown): value is number {
  return typeof value === 'number' && !Number.isSafeInteger(value) && Number.isInteger(value);
}

/**
 * Warns of an identity that is a whole number above 2^53, once for all.
 *
 * @param what the identity, for the message: `the identity "user.id"`
 */
export function warnOfInexact(once: OnceLogger, what: string, value: number): void {
  once.warn(
    'identity above 2^53',
    `evenhand: ${what} is ${value}, a number above 2^53, where several ids are read as one; pass it as a string or a bigint`,
  );
}

function unitTextOrThrow(
  value: unknown,
  experiment: string,
  path: string,
  inexact: InexactIdentity | undefined,
): string {
  if (typeof value === 'string') return value;
  if (isInexact(value)) inexact?.(path, value);
  const text = identityText(value);
  if (text !== undefined) return text;
  throw new IdentityError(
    experiment,
    path,
    `is ${kindOf(value)}; it must be a string, a finite number, a boolean or an object with its own toString`,
  );
}

/** Returns the number of keys up to the first attribute that is missing. */
function missingDepth(context: object, keys: readonly string[]): number {
  const isMissing = (_: string, i: number) => readPath(context, keys.slice(0, i + 1)) === MISSING;
  const index = keys.findIndex(isMissing);
  // A getter may return another value the second time.
  return index < 0 ? keys.length : index + 1;
}

/** @param depth the number of keys up to the attribute that is missing */
function missing(experiment: string, keys: readonly string[], depth: number): IdentityError {
  const path = keys.join('.');
  const at = keys.slice(0, depth).join('.');
  const where = depth === keys.length ? 'is' : `is missing: ${JSON.stringify(at)} is`;
  return new IdentityError(experiment, path, `${where} not in the context`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a Date';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
