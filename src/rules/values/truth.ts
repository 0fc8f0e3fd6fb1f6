import { isHidden } from './attributes.ts';
import { spendKeys } from './budget.ts';
import { Dict, isDict, isSet, RuleSet, Tuple } from './collections.ts';

/** Python's truth of a value: empty things, zero and None are false. */
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

/** Number of elements of a collection, 1 for more in a plain object; undefined for what is none. */
function sizeOf(value: object): number | undefined {
  if (Array.isArray(value)) return value.length;
  if (value instanceof Tuple) return value.items.length;
  if (isSet(value)) return value instanceof RuleSet ? value.elements.size : value.size;
  if (value instanceof Dict) return value.entries.size;
  if (value instanceof Map) return value.size;
  return isDict(value) ? visibleKeysOf(value) : undefined;
}

/** 1 where a rule sees any key of a plain object, else 0; calls no getter for it. */
function visibleKeysOf(value: object): number {
  const keys = Object.keys(value);
  spendKeys(keys.length);
  const seen = keys.some((key) => !isHidden(Object.getOwnPropertyDescriptor(value, key)?.value));
  return Number(seen);
}
