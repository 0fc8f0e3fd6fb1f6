import { attributeOf, MISSING } from './attributes.ts';

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
 * because somebody may have changed `Object.prototype` in the meantime.
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
