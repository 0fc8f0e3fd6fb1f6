import { attributeOf, MISSING } from './attributes.ts';

/** Reads one attribute of a value, as {@link attributeOf} does: the value, or {@link MISSING}. */
export type AttributeReader = (owner: unknown) => unknown;

const ROOT = Object.prototype;

function isObject(owner: unknown): owner is Record<string, unknown> {
  return typeof owner === 'object' && owner !== null;
}

/** Whether its own properties are all it has, but for what every object inherits. */
function isPlain(owner: object): boolean {
  return Object.getPrototypeOf(owner) === ROOT;
}

/** Given where an owner is no plain object, has no such property, or every object inherits one. */
const NO = Symbol('no plain property');

/**
 * What a plain object has by a name that no object inherits: asked anew each time, since somebody
 * may have put something on `Object.prototype` by now.
 *
 * V8 keeps what it learns about an access by its place in the source, and is three times as fast
 * where that place has seen one name only. So each of the commonest names gets a copy of the line
 * for itself; code made from strings would do the same, and is not allowed. `name in o` comes first,
 * as from then on the object's shape is known, and asking for its prototype costs nothing.
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

/** The names that have a line of their own: the first that rules and identities have asked for. */
const readers = new Map<string, AttributeReader>();

/**
 * A reader of the attribute of this name.
 *
 * @param name as in a rule or an identity; what a rule may not say has been refused already
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
