/** Below this, Python writes a float with an exponent; JavaScript only does below 1e-6. */
const PYTHON_EXPONENT_BELOW = 1e-4;

/**
 * The text an identity is hashed by: what Python's `str` gives for the same value, since
 * Cravensworth hashes that.
 *
 * - strings as they are; `True` and `False`
 * - whole numbers with all their digits and no point, -0 as `0`; other numbers as Python's
 *   `repr(float)` has them (`1e-05`, where JavaScript has `0.00001`)
 * - objects with a `toString` other than `Object.prototype`'s (ObjectId, UUID): what it returns
 *
 * @returns undefined where a value can't tell participants apart: undefined, null, NaN, infinite
 *   numbers, plain objects, lists and binary data, functions, symbols, dates (their text depends on
 *   the time zone), and objects whose `toString` gives no string. What `toString` throws is passed on.
 */
export function identityText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'object' && value !== null ? objectText(value) : undefined;
}

function numberText(value: number): string | undefined {
  if (Number.isSafeInteger(value)) return String(value);
  if (!Number.isFinite(value)) return undefined;
  // Past 2^53, JavaScript fills up with zeros and, from 1e21, writes an exponent.
  if (Number.isInteger(value)) return BigInt(value).toString();
  // Python's other threshold, 1e16, lies where all numbers are whole.
  if (Math.abs(value) >= PYTHON_EXPONENT_BELOW) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}

function objectText(value: object): string | undefined {
  if (Array.isArray(value) || ArrayBuffer.isView(value) || isDate(value)) return undefined;
  const toString: unknown = Reflect.get(value, 'toString');
  if (typeof toString !== 'function' || isInheritedByAll(value)) return undefined;
  const text: unknown = Reflect.apply(toString, value, []);
  return typeof text === 'string' ? text : undefined;
}

/** `instanceof Date` would not know the dates of another realm, as of a `vm` context. */
function isDate(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Date]';
}

/** Whether `toString` comes from the root of the prototypes: some realm's `Object.prototype`. */
function isInheritedByAll(value: object): boolean {
  let owner: object = value;
  for (;;) {
    const parent: unknown = Object.getPrototypeOf(owner);
    if (Object.hasOwn(owner, 'toString')) return owner !== value && parent === null;
    if (typeof parent !== 'object' || parent === null) return true;
    owner = parent;
  }
}
