/** A type of JSON Schema; `any` for values that JSON does not have. */
export type ShapeType =
  'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object' | 'any';

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
