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
 *   `toString`; a boxed primitive such as `new Number(7)` has the text of the primitive
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
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return undefined;
  // The tag also recognises values of another realm such as a `vm` context, unlike `instanceof`.
  const tag = Object.prototype.toString.call(value);
  if (tag === '[object Date]') return undefined;
  const toString: unknown = Reflect.get(value, 'toString');
  if (typeof toString !== 'function' || isInheritedByAll(value)) return undefined;
  const text: unknown = Reflect.apply(toString, value, []);
  if (typeof text !== 'string') return undefined;
  const primitive = unboxed(value, tag);
  // A subclass may have its own toString, like any other object.
  return primitive === undefined || String(primitive) !== text ? text : identityText(primitive);
}

type Primitive = boolean | number | symbol;

/** Functions that return the primitive of a box such as `new Boolean(true)`, by the box's tag. */
const UNBOXING: ReadonlyMap<string, (box: object) => Primitive> = new Map<
  string,
  (box: object) => Primitive
>([
  ['[object Boolean]', (box) => Boolean.prototype.valueOf.call(box)],
  ['[object Number]', (box) => Number.prototype.valueOf.call(box)],
  ['[object Symbol]', (box) => Symbol.prototype.valueOf.call(box)],
]);

/**
 * Returns the primitive of a boxed boolean, number or symbol, also of another realm; undefined for other
 * objects. The texts of boxed strings and bigints are those of their primitives anyway.
 */
function unboxed(value: object, tag: string): Primitive | undefined {
  try {
    return UNBOXING.get(tag)?.(value);
  } catch {
    // An object that only calls itself a Boolean.
    return undefined;
  }
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
