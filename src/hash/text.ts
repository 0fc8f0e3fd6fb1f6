/** The bound below which Python writes a float with an exponent. JavaScript does so below 1e-6. */
const PYTHON_EXPONENT_BELOW = 1e-4;

/**
 * Returns the text by which an identity is hashed. It equals Python's `str` of the same value,
 * which Cravensworth hashes.
 *
 * - strings unchanged; `True` and `False`
 * - whole numbers with all their digits and no point, -0 as `0`; other numbers as Python's
 *   `repr(float)` writes them (`1e-05` for JavaScript's `0.00001`)
 * - objects with a `toString` other than `Object.prototype`'s (ObjectId, UUID): the result of
 *   `toString`
 *
 * @returns undefined if a value can't distinguish participants: undefined, null, NaN, infinite
 *   numbers, plain objects, lists and binary data, functions, symbols, dates (their text depends on
 *   the time zone), and objects whose `toString` does not return a string. Errors from `toString`
 *   are passed on.
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
  // Beyond 2^53, JavaScript pads with zeros, and from 1e21 it writes an exponent.
  if (Number.isInteger(value)) return BigInt(value).toString();
  // Python's other threshold is 1e16, where every number is whole.
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

/**
 * Returns true for dates, also those of another realm such as a `vm` context, which `instanceof
 * Date` does not recognise.
 */
function isDate(value: object): boolean {
  return Object.prototype.toString.call(value) === '[object Date]';
}

/**
 * Returns true if `toString` comes from the root of the prototypes: some realm's
 * `Object.prototype`.
 */
function isInheritedByAll(value: object): boolean {
  let owner: object = value;
  for (;;) {
    const parent: unknown = Object.getPrototypeOf(owner);
    if (Object.hasOwn(owner, 'toString')) return owner !== value && parent === null;
    if (typeof parent !== 'object' || parent === null) return true;
    owner = parent;
  }
}
