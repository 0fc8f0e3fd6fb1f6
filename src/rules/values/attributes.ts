/**
 * Limits what rules and identities can read of a context value: own data, Map entries, and the
 * getters of a class. Functions and everything on `Object.prototype` are hidden.
 */

/** The value that stands for a missing attribute. */
export const MISSING: unique symbol = Symbol.for('evenhand/missing') as never;

/**
 * The name of a method with which an object answers for its own attributes: `(name) => value`, or
 * {@link MISSING}. Express's view of the user answers for `is_authenticated` in this way.
 */
export const ATTRIBUTES: unique symbol = Symbol.for('evenhand/attributes') as never;

/** An object that answers for its own attributes. */
export interface AttributeSource {
  [ATTRIBUTES](name: string): unknown;
}

/**
 * Returns the attribute of a value, as `user.plan` or `user["plan"]` reads it.
 *
 * @returns the value, or {@link MISSING}
 */
export function attributeOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'string' && name === 'length' ? lengthOf(value) : MISSING;
  }
  if (Object.hasOwn(value, name)) return visible((value as Record<string, unknown>)[name]);
  if (value instanceof Map) return value.has(name) ? visible(value.get(name)) : getter(value, name);
  if (ATTRIBUTES in value) return visible((value as AttributeSource)[ATTRIBUTES](name));
  return getter(value, name);
}

/**
 * Returns the value at a path of attributes.
 *
 * @param keys the names of the attributes, from the outermost on
 * @returns the value, or {@link MISSING}
 */
export function readPath(context: object, keys: readonly string[]): unknown {
  let value: unknown = context;
  for (const key of keys) {
    value = attributeOf(value, key);
    if (value === MISSING) return MISSING;
  }
  return value;
}

/** Returns the number of characters as Python counts them: a surrogate pair is one. */
export function lengthOf(text: string): number {
  let length = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      length--;
      i++;
    }
  }
  return length;
}

/** Returns true if the value is hidden from rules. */
export function isHidden(value: unknown): boolean {
  return typeof value === 'function';
}

function visible(value: unknown): unknown {
  return isHidden(value) ? MISSING : value;
}

/**
 * Returns the value of a getter that the value's class defines. The search ends at a prototype with
 * its own `hasOwnProperty`: that is the `Object.prototype` of some realm, and `__proto__` must not
 * be reached.
 */
function getter(value: object, name: string): unknown {
  let proto: unknown = Object.getPrototypeOf(value);
  while (proto !== null && typeof proto === 'object' && !Object.hasOwn(proto, 'hasOwnProperty')) {
    const property = Object.getOwnPropertyDescriptor(proto, name);
    if (property !== undefined) {
      return property.get === undefined ? MISSING : visible(property.get.call(value));
    }
    proto = Object.getPrototypeOf(proto);
  }
  return MISSING;
}

/**
 * Reads one attribute of a value, like {@link attributeOf}: returns the value, or {@link MISSING}.
 */
export type AttributeReader = (owner: unknown) => unknown;

const ROOT = Object.prototype;

function isObject(owner: unknown): owner is Record<string, unknown> {
  return typeof owner === 'object' && owner !== null;
}

/** Returns true if the object has only its own properties and what every object inherits. */
function isPlain(owner: object): boolean {
  return Object.getPrototypeOf(owner) === ROOT;
}

/**
 * The result if the owner is not a plain object, lacks the property, or every object inherits the
 * name.
 */
const NO = Symbol('no plain property');

/**
 * Readers of a plain object's property whose name no object inherits. `ROOT` is checked each time,
 * because other code may have changed `Object.prototype` in the meantime.
 *
 * V8 caches property accesses by their place in the source and is three times as fast if a place
 * has seen only one name. So each of the commonest names gets its own copy of the line. Code
 * generated from strings would do the same but is not allowed. `name in o` comes first: after it V8
 * knows the object's shape, and reading the prototype costs nothing.
 */
const PLAIN_READERS: ((name: string) => (owner: unknown) => unknown)[] = [
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
  (name) => (o) => (isObject(o) && name in o && isPlain(o) && !(name in ROOT) ? o[name] : NO),
];

/**
 * The readers of names that have a line of their own: the first names that rules and identities
 * read.
 */
const readers = new Map<string, AttributeReader>();

/**
 * Returns a reader of the attribute with this name.
 *
 * @param name a name from a rule or an identity; forbidden names have been refused before
 */
export function readerOf(name: string): AttributeReader {
  const known = readers.get(name);
  if (known !== undefined) return known;
  const createPlain = PLAIN_READERS[readers.size];
  if (createPlain === undefined) return (owner) => attributeOf(owner, name);
  const readPlain = createPlain(name);
  const reader: AttributeReader = (owner) => {
    const value = readPlain(owner);
    if (value === NO) return attributeOf(owner, name);
    return typeof value === 'function' ? MISSING : value;
  };
  readers.set(name, reader);
  return reader;
}
