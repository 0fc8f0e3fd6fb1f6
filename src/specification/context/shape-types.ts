import { typedOf } from '../../rules/typed-text/typed.ts';

/**
 * A type of JSON Schema; a version or a date, which JSON Schema writes as a string with a format; `any`
 * for other values that JSON does not have.
 */
export type ShapeType =
  | 'null'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'string'
  | 'version'
  | 'date'
  | 'array'
  | 'object'
  | 'any';

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
    const typed = typedOf(value);
    if (typed !== undefined) return typed.kind;
    // Sets and binary data compare by rules of their own, which JSON Schema can't express.
    return value instanceof Set || ArrayBuffer.isView(value) ? 'any' : 'object';
  } catch {
    return 'any';
  }
}
