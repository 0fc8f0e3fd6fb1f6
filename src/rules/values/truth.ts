import { isHidden } from './attributes.ts';
import { spendKeys } from './budget.ts';
import { Dict, isDict, isSet, RuleSet, Tuple } from './collections.ts';

/** Returns the truth of a value as in Python: empty collections, zero and None are false. */
export function truthOf(value: unknown): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'number':
      // Unlike in JavaScript, NaN is true.
      return value !== 0;
    case 'bigint':
      return value !== 0n;
    case 'object':
      return value !== null && sizeOf(value) !== 0;
    default:
      return value !== undefined;
  }
}

/**
 * Returns the number of elements of a collection, or undefined for other values. For a plain object
 * with keys it returns 1.
 */
function sizeOf(value: object): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (value instanceof Tuple) return value.items.length;
  if (isSet(value)) return value instanceof RuleSet ? value.elements.size : value.size;
  if (value instanceof Dict) return value.entries.size;
  if (value instanceof Map) return value.size;
  return isDict(value) ? visibleKeysOf(value) : undefined;
}

/** Returns 1 if rules see any key of a plain object, otherwise 0. Calls no getter. */
function visibleKeysOf(value: object): number {
  const keys = Object.keys(value);
  spendKeys(keys.length);
  const seen = keys.some((key) => !isHidden(Object.getOwnPropertyDescriptor(value, key)?.value));
  return Number(seen);
}
