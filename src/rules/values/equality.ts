import { normal, refuseLong } from './arithmetic.ts';
import { spendItemsRead, spendKeys, spendSteps, spendText } from './budget.ts';
import { type Dict, isDict, isSet, type RuleSet, toDict, toRuleSet, Tuple } from './collections.ts';
import { RuleFault } from './fault.ts';
import { MAX_VALUE_DEPTH } from './limits.ts';
import { compareTyped, costOf, isEqualTo, typedOf } from '../typed-text/typed.ts';

/**
 * Compares two values like Python's `==`: numbers and booleans by value, whatever their type;
 * lists, tuples, sets and dicts by content; dates by time; versions by precedence; other objects by
 * identity. A text equals a date or a version if it stands for an equal one. None only equals None.
 */
export function equals(left: unknown, right: unknown, depth = 0): boolean {
  if (typeof left === 'string') {
    if (typeof right === 'string') return sameText(left, right);
    return typeof right === 'object' && right !== null && objectEquals(right, left);
  }
  if (left === right) return true;
  switch (typeof left) {
    case 'number':
    case 'bigint':
    case 'boolean':
      return isNumeric(right) && sameNumber(left, right);
    case 'undefined':
      return right === null;
    default:
      if (left === null) return right === undefined;
      if (typeof right === 'string') return typeof left === 'object' && objectEquals(left, right);
      return (
        typeof right === 'object' && right !== null && sameContent(left as object, right, depth)
      );
  }
}

function sameText(left: string, right: string): boolean {
  if (left.length === right.length) spendText(left);
  return left === right;
}

/**
 * Compares two items of collections like Python: `nan` differs from itself, but a list that contains
 * it equals itself. Python compares the identity of objects, which numbers of JavaScript don't have,
 * so every NaN counts as the same object.
 */
export function sameOrEqual(left: unknown, right: unknown, depth = 0): boolean {
  return equals(left, right, depth) || (Number.isNaN(left) && Number.isNaN(right));
}

/** Returns true if a value counts as a number. Booleans do. */
export function isNumeric(value: unknown): value is number | bigint | boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean';
}

function sameNumber(left: number | bigint | boolean, right: number | bigint | boolean): boolean {
  // oxlint-disable-next-line eqeqeq -- a number and a bigint of equal value are equal only by ==
  return toNumber(left) == toNumber(right);
}

/**
 * Converts a boolean to its number, and a small bigint of the context to the equal number, so that
 * every operator treats both alike.
 *
 * @throws RuleFault `limit` for a bigint of the context that is too long to calculate with
 */
export function toNumber(value: number | bigint | boolean): number | bigint {
  if (typeof value === 'bigint') return normal(refuseLong(value));
  return typeof value === 'boolean' ? Number(value) : value;
}

/** The cost of comparing two objects, in steps: finding out what they are takes most of the time. */
const STEPS_PER_OBJECT = 10;

function sameContent(left: object, right: object, depth: number): boolean {
  spendSteps(STEPS_PER_OBJECT);
  if (depth > MAX_VALUE_DEPTH) {
    throw new RuleFault(
      'limit',
      `the values are nested more than ${MAX_VALUE_DEPTH} levels deep, too deep to compare`,
    );
  }
  if (Array.isArray(left)) return Array.isArray(right) && sameItems(left, right, depth);
  if (left instanceof Tuple) {
    return right instanceof Tuple && sameItems(left.items, right.items, depth);
  }
  if (isSet(left)) return isSet(right) && sameSets(toRuleSet(left), toRuleSet(right));
  const typed = typedOf(left);
  if (typed !== undefined) {
    spendSteps(costOf(typed));
    const other = typedOf(right);
    return other !== undefined && compareTyped(typed, other) === 0;
  }
  return isDict(left) && isDict(right) && sameDicts(toDict(left), toDict(right), depth);
}

/** Returns true if an object is a version or a date that equals a text. */
function objectEquals(value: object, text: string): boolean {
  const typed = typedOf(value);
  if (typed === undefined) return false;
  spendSteps(costOf(typed, text));
  return isEqualTo(typed, text);
}

function sameItems(left: readonly unknown[], right: readonly unknown[], depth: number): boolean {
  if (left.length !== right.length) return false;
  spendItemsRead(left.length);
  return left.every((item, i) => sameOrEqual(item, right[i], depth + 1));
}

function sameSets(left: RuleSet, right: RuleSet): boolean {
  return left.elements.size === right.elements.size && isSubset(left, right);
}

/** Returns true if every element of one set is in the other. */
export function isSubset(left: RuleSet, right: RuleSet): boolean {
  spendKeys(left.elements.size);
  for (const key of left.elements.keys()) if (!right.elements.has(key)) return false;
  return true;
}

function sameDicts(left: Dict, right: Dict, depth: number): boolean {
  if (left.entries.size !== right.entries.size) return false;
  spendKeys(left.entries.size);
  for (const [key, { value }] of left.entries) {
    const other = right.entries.get(key);
    if (other === undefined || !sameOrEqual(value, other.value, depth + 1)) return false;
  }
  return true;
}

/**
 * Compares two values like Python's `is`, as closely as JavaScript allows. Numbers and strings are
 * the same if they are equal and of one type; other values if they are the same object.
 */
export function isSame(left: unknown, right: unknown): boolean {
  if (left === right || (left == null && right == null)) return true;
  // A context may contain a small whole number as a bigint.
  return isNumber(left) && isNumber(right) && sameNumber(left, right);
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}
