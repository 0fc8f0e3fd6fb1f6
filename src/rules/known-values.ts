import { didYouMean } from '../errors/did-you-mean.ts';
import { quote } from '../errors/show-value.ts';

/** The name of the method of a {@link KnownValueSource}. */
export const KNOWN_VALUES: unique symbol = Symbol('known values');

/** Stands for a value that has not been computed. */
export const NOT_READ: unique symbol = Symbol('not read');

/** A name, and its value or `NOT_READ`. */
export type KnownValue = readonly [name: string, value: unknown];

/**
 * An object that lists its attributes, and the values that are known without computing anything. Its
 * prototype must be passed to {@link listsKnownValues}.
 */
export interface KnownValueSource {
  [KNOWN_VALUES](): Iterable<KnownValue>;
}

const listing = new WeakSet<object>();

/**
 * Adds the prototype of a {@link KnownValueSource}. Looking for the method is not enough: a Proxy of
 * the application may have a function under every name, and none of those must be called.
 */
export function listsKnownValues(prototype: object & KnownValueSource): void {
  listing.add(prototype);
}

/** Returns the names of a value that rules can read, with the values that need no computing. */
export function* knownValues(value: object): Iterable<KnownValue> {
  const proto: unknown = Object.getPrototypeOf(value);
  if (typeof proto === 'object' && proto !== null && listing.has(proto)) {
    yield* (value as KnownValueSource)[KNOWN_VALUES]();
    return;
  }
  yield* ownValues(value);
  yield* getters(value);
}

/**
 * Returns an object's own names and the values of those that are not getters, like the entries of a
 * Map.
 */
export function* ownValues(value: object): Iterable<KnownValue> {
  if (value instanceof Map) {
    for (const [name, inner] of value) if (typeof name === 'string') yield [name, inner];
  }
  for (const name of Object.keys(value)) yield [name, ownValue(value, name)];
}

/** Returns the names of the getters of a value's class. */
function* getters(value: object): Iterable<KnownValue> {
  let proto: unknown = Object.getPrototypeOf(value);
  // As in `attributeOf()`: the search ends at some realm's `Object.prototype`.
  while (typeof proto === 'object' && proto !== null && !Object.hasOwn(proto, 'hasOwnProperty')) {
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(proto))) {
      if (property.get !== undefined && name !== '__proto__' && !Object.hasOwn(value, name)) {
        yield [name, NOT_READ];
      }
    }
    proto = Object.getPrototypeOf(proto);
  }
}

/** Returns the value of an own property; `NOT_READ` for a getter. Never throws. */
export function ownValue(value: object, name: string): unknown {
  try {
    const property = Object.getOwnPropertyDescriptor(value, name);
    return property?.get === undefined ? property?.value : NOT_READ;
  } catch {
    return NOT_READ;
  }
}

/** The most names of a value that are compared with a misspelt one. */
const MAX_COMPARED = 100;

/** The names that rules can read as attributes. */
const READABLE = /^[A-Za-z]\w*$/;

/**
 * Returns the question for a misspelt name: `; did you mean "plan"?`; empty if no name of the value is
 * near. Reads names only, and never throws.
 */
export function hintFor(name: string, owner: unknown): string {
  const near = nearName(owner, name);
  return near === undefined ? '' : `; did you mean ${quote(near)}?`;
}

/**
 * Returns the name of the value that a misspelt one probably stands for; undefined if none is near.
 */
function nearName(owner: unknown, name: string): string | undefined {
  if (typeof owner === 'string') return nearTextAttribute(name);
  if (typeof owner !== 'object' || owner === null) return undefined;
  const names: string[] = [];
  try {
    for (const [known, value] of knownValues(owner)) {
      if (names.length === MAX_COMPARED) break;
      if (READABLE.test(known) && typeof value !== 'function') names.push(known);
    }
  } catch {
    // The application's object refuses to be read; the names so far are compared.
  }
  return didYouMean(name, names);
}

/** The attributes of a text that rules can read. Each is computed from all its characters. */
export const TEXT_ATTRIBUTES: readonly string[] = ['length', 'lower', 'upper'];

/** Returns the attribute of a text that was meant: also for the methods of other languages. */
function nearTextAttribute(name: string): string | undefined {
  const written = name.toLowerCase();
  return TEXT_ATTRIBUTES.find((one) => written.includes(one)) ?? didYouMean(name, TEXT_ATTRIBUTES);
}

/** Returns true for the user of a request without a login. Never throws. */
export function isVisitor(user: unknown): boolean {
  return typeof user === 'object' && user !== null && ownValue(user, 'is_authenticated') === false;
}
