import { isObject } from '../../options/check-options.ts';

/**
 * The name of a method with which an object lists its attributes and the values that are known
 * without computing anything: `() => [name, value or NOT_READ] pairs`. Contexts of requests have it.
 */
export const KNOWN_VALUES: unique symbol = Symbol.for('evenhand/known-values') as never;

/** Stands for a value that has not been computed. */
export const NOT_READ: unique symbol = Symbol.for('evenhand/not-read') as never;

/** A type of JSON Schema; `any` for values that JSON does not have, and for values that are not read. */
export type ShapeType =
  'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object' | 'any';

/** Returns true for the user of a request without a login. */
export function isVisitor(user: unknown): boolean {
  return typeof user === 'object' && user !== null && ownValue(user, 'is_authenticated') === false;
}

/** Returns the type of a value. Never throws. */
export function typeOf(value: unknown): ShapeType {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'boolean':
      return 'boolean';
    case 'bigint':
      return 'integer';
    case 'number':
      return Number.isInteger(value) ? 'integer' : 'number';
    case 'undefined':
      return 'null';
    case 'object':
      if (value === null) return 'null';
      return typeOfObject(value);
    default:
      return 'any';
  }
}

function typeOfObject(value: object): ShapeType {
  try {
    if (Array.isArray(value)) return 'array';
    // Dates, sets and binary data compare by rules of their own, which JSON Schema can't express.
    const isOther = value instanceof Date || value instanceof Set || ArrayBuffer.isView(value);
    return isOther ? 'any' : 'object';
  } catch {
    return 'any';
  }
}

/** Returns the names of a value that rules can read, with the values that need no computing. */
export function* knownValues(value: object): Iterable<readonly [string, unknown]> {
  if (KNOWN_VALUES in value) {
    yield* (value as { [KNOWN_VALUES](): Iterable<readonly [string, unknown]> })[KNOWN_VALUES]();
    return;
  }
  yield* ownValues(value);
  yield* getters(value);
}

/**
 * Returns an object's own names and the values of those that are not getters, like the entries of a
 * Map.
 */
function* ownValues(value: object): Iterable<readonly [string, unknown]> {
  if (value instanceof Map) {
    for (const [name, inner] of value) if (typeof name === 'string') yield [name, inner];
  }
  for (const name of Object.keys(value)) yield [name, ownValue(value, name)];
}

/** Returns the names of the getters of a value's class. */
function* getters(value: object): Iterable<readonly [string, unknown]> {
  let proto: unknown = Object.getPrototypeOf(value);
  // As in `attributeOf()`: the search ends at some realm's `Object.prototype`.
  while (isObject(proto) && !Object.hasOwn(proto, 'hasOwnProperty')) {
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
