import { PlanoutError } from '../../errors/planout-error.ts';
import { isPlainObject } from '../python-text.ts';
import { MAX_VALUE_DEPTH } from '../limits.ts';
import type { Run } from './run.ts';

/** Returns Python's truth value: null, false, 0 and everything empty are false. */
export function truthOf(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (isPlainObject(value)) return Object.keys(value).length > 0;
  // Unlike in JavaScript, NaN is true.
  return Number.isNaN(value) || Boolean(value);
}

/** Returns a number or a boolean as a number; undefined for anything else. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === 'boolean') return Number(value);
  return typeof value === 'number' ? value : undefined;
}

/**
 * Compares like Python's `==`: lists and maps by content, true equals 1.
 *
 * @throws PlanoutError `script` for values that are too deep
 */
export function equals(left: unknown, right: unknown, run: Run, depth = 0): boolean {
  if (left === right) return true;
  const number = numberOf(left);
  if (number !== undefined) return number === numberOf(right);
  checkDepth(depth);
  if (Array.isArray(left)) {
    if (!Array.isArray(right) || left.length !== right.length) return false;
    run.spend(left.length);
    return left.every((item, i) => equals(item, right[i], run, depth + 1));
  }
  if (!isPlainObject(left) || !isPlainObject(right)) return false;
  const keys = Object.keys(left);
  run.spend(keys.length);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((k) => Object.hasOwn(right, k) && equals(left[k], right[k], run, depth + 1))
  );
}

/**
 * Compares in Python's order: numbers, texts by code point, lists by their first different items.
 *
 * @returns below, above or exactly 0; undefined for values that have no order
 */
export function compare(left: unknown, right: unknown, run: Run, depth = 0): number | undefined {
  const [a, b] = [numberOf(left), numberOf(right)];
  // Infinity minus Infinity is not 0.
  if (a !== undefined && b !== undefined) return a === b ? 0 : a - b;
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (!Array.isArray(left) || !Array.isArray(right)) return undefined;
  checkDepth(depth);
  run.spend(Math.min(left.length, right.length));
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (!equals(left[i], right[i], run)) return compare(left[i], right[i], run, depth + 1);
  }
  return left.length - right.length;
}

function checkDepth(depth: number): void {
  if (depth > MAX_VALUE_DEPTH) {
    throw new PlanoutError('script', `compares values more than ${MAX_VALUE_DEPTH} levels deep`);
  }
}

/** Compares by code points. JavaScript compares code units, which puts U+10000 before U+E000. */
function compareText(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  let i = 0;
  while (i < shared && left.charCodeAt(i) === right.charCodeAt(i)) i++;
  if (i === shared) return left.length - right.length;
  return rank(left.charCodeAt(i)) - rank(right.charCodeAt(i));
}

/** Returns the rank of a code unit in the order of code points, where surrogates come last. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? unit + 0x10000 : unit;
}
