import { IdentityError } from '../errors/identity-error.ts';
import { quote } from '../errors/show-value.ts';
import { describeWithoutText, WITH_TEXT } from '../hash/no-text.ts';
import type { OnceLogger } from '../runtime/logger.ts';
import { identityText } from '../hash/text.ts';
import { MISSING, readerOf, readPath } from '../rules/values/attributes.ts';
import { hintFor, isVisitor, ownValue } from '../rules/known-values.ts';
import { identityLabel } from '../specification/identity-paths.ts';
import { ANONYMOUS_IDENTITY } from '../specification/reserved-identities.ts';

/** The method of a context whose tracking key may be withheld. */
export const WITHHOLDS_KEY: unique symbol = Symbol.for('evenhand/withholds-key') as never;

/** A context whose tracking key is available only to visitors who have consented to be recognised. */
export interface ConsentingContext {
  /** Returns true if the visitor has not consented: `anonymous` is then None, and not an identity. */
  [WITHHOLDS_KEY](): boolean;
}

/** Returns true if the context of a visitor withholds the tracking key, because consent is missing. */
export function withholdsKey(context: object): boolean {
  return WITHHOLDS_KEY in context && (context as ConsentingContext)[WITHHOLDS_KEY]();
}

/** Reads an identity's text from a context. */
export interface IdentityReader {
  /**
   * Returns the text.
   *
   * @returns undefined if the visitor has not consented to be recognised, which is not an error
   * @throws IdentityError if the identity is missing or has no text
   */
  (context: object): string | undefined;
  /** Present for a list of identities. Does the same and returns the path as well. */
  readonly choose?: (context: object) => ChosenIdentity | undefined;
}

/** The first available identity of a list. */
export interface ChosenIdentity {
  readonly path: string;
  readonly text: string;
}

/** An identity of a list that was not available. */
export interface SkippedIdentity {
  readonly path: string;
  /**
   * `none`: its value is None; `missing`: the context does not have it; `no-consent`: the visitor has
   * not consented to the tracking cookie.
   */
  readonly reason: 'none' | 'missing' | 'no-consent';
}

/** Called with an identity that is a whole number above 2^53; other ids are the same number. */
export type InexactIdentity = (path: string, value: number) => void;

/**
 * Compiles an identity's path to its reader, which all experiments with this identity share. The text
 * is Python's `str` of the value, because Cravensworth hashes that.
 *
 * @param path a dotted path in the context: `user.id`, `anonymous`
 */
export function compileIdentity(path: string, inexact?: InexactIdentity): IdentityReader {
  if (path === ANONYMOUS_IDENTITY) return trackingKeyReader(inexact);
  const keys = path.split('.');
  const [first, second] = keys;
  if (first === undefined || second === undefined || keys.length > 2) {
    return (context) => {
      const value = readPath(context, keys);
      if (value === MISSING) throw missing(context, keys);
      return unitTextOrThrow(value, path, inexact);
    };
  }
  // Most paths have two keys, and reading them without a loop is faster.
  const readFirst = readerOf(first);
  const readSecond = readerOf(second);
  return (context) => {
    const owner = readFirst(context);
    if (owner === MISSING) throw missing(context, keys);
    const value = readSecond(owner);
    if (value === MISSING) throw missing(context, keys);
    return unitTextOrThrow(value, path, inexact);
  };
}

function trackingKeyReader(inexact: InexactIdentity | undefined): IdentityReader {
  const keys = [ANONYMOUS_IDENTITY];
  return (context) => {
    const value = readPath(context, keys);
    if (value === null && withholdsKey(context)) return undefined;
    if (value === MISSING) throw missing(context, keys);
    return unitTextOrThrow(value, ANONYMOUS_IDENTITY, inexact);
  };
}

/**
 * Compiles a list of identities to its reader: the first available one decides. An identity is available
 * if the context has it and it is not None. The tracking key is available unless consent is missing.
 *
 * @param paths two or more paths, such as `user.id` and `anonymous`
 */
export function compileIdentityList(
  paths: readonly string[],
  inexact?: InexactIdentity,
): IdentityReader {
  const list = paths.map(keyed);
  const choose = (context: object): ChosenIdentity | undefined => {
    const { value, path, skipped } = tryInOrder(list, context);
    if (path !== undefined) return { path, text: unitTextOrThrow(value, path, inexact) };
    if (skipped.some(({ reason }) => reason === 'no-consent')) return undefined;
    throw noneAvailable(paths, context);
  };
  return Object.assign((context: object) => choose(context)?.text, { choose });
}

/** Returns the identities of a list that are not available, up to the first one that is. */
export function skippedIdentities(paths: readonly string[], context: object): SkippedIdentity[] {
  return tryInOrder(paths.map(keyed), context).skipped;
}

/** A path with its keys. */
interface KeyedPath {
  readonly path: string;
  readonly keys: readonly string[];
}

function keyed(path: string): KeyedPath {
  return { path, keys: path.split('.') };
}

/** Returns the first available path with its value, and the paths before it. */
function tryInOrder(
  list: readonly KeyedPath[],
  context: object,
): { value?: unknown; path?: string; skipped: SkippedIdentity[] } {
  const skipped: SkippedIdentity[] = [];
  for (const { path, keys } of list) {
    const value = readPath(context, keys);
    if (value === MISSING) skipped.push({ path, reason: 'missing' });
    else if (value === undefined || value === null) {
      const isWithheld = path === ANONYMOUS_IDENTITY && value === null && withholdsKey(context);
      skipped.push({ path, reason: isWithheld ? 'no-consent' : 'none' });
    } else return { value, path, skipped };
  }
  return { skipped };
}

/** Returns the error for a list without an available identity. */
function noneAvailable(paths: readonly string[], context: object): IdentityError {
  const reasons = paths.map((path) => {
    const keys = path.split('.');
    const value = readPath(context, keys);
    const reason = value === MISSING ? missing(context, keys).reason : `is ${String(value)}`;
    return `${path} ${reason}`;
  });
  return new IdentityError(
    undefined,
    identityLabel(paths),
    `is not available: ${reasons.join('; ')}`,
  );
}

/** Returns true for a whole number above 2^53, from which several ids can't be told apart. */
export function isInexact(value: unknown): value is number {
  return typeof value === 'number' && !Number.isSafeInteger(value) && Number.isInteger(value);
}

/**
 * Warns of an identity that is a whole number above 2^53. Only the first one of a client is logged.
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
  path: string,
  inexact: InexactIdentity | undefined,
): string {
  if (typeof value === 'string') return value;
  if (isInexact(value)) inexact?.(path, value);
  const text = identityText(value);
  if (text !== undefined) return text;
  throw new IdentityError(
    undefined,
    path,
    `is ${describeWithoutText(value)}; it must be ${WITH_TEXT}`,
  );
}

/** Returns the error for an identity of which one key is missing. */
function missing(context: object, keys: readonly string[]): IdentityError {
  const path = keys.join('.');
  const isMissing = (_: string, i: number) => readPath(context, keys.slice(0, i + 1)) === MISSING;
  const index = keys.findIndex(isMissing);
  // A getter may return another value the second time.
  const last = index < 0 ? keys.length - 1 : index;
  const owner = readPath(context, keys.slice(0, last));
  const where =
    last === keys.length - 1 ? '' : `missing: ${quote(keys.slice(0, last + 1).join('.'))} is `;
  return new IdentityError(undefined, path, `is ${where}${absence(owner, keys[last] ?? '')}`);
}

/** Describes, after "is", why an attribute can't be read. */
function absence(owner: unknown, key: string): string {
  if (typeof owner === 'object' && owner !== null) {
    // Rules and identities can't see functions.
    if (typeof ownValue(owner, key) === 'function') return `a function; it must be ${WITH_TEXT}`;
    if (isVisitor(owner)) return 'not in the context of a user who is not logged in';
  }
  return `not in the context${hintFor(key, owner)}`;
}
