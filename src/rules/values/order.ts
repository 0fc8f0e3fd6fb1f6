import { spendItemsRead, spendSteps } from './budget.ts';
import { describe, isSet, toRuleSet, Tuple } from './collections.ts';
import { isNumeric, isSubset, sameOrEqual, toNumber } from './equality.ts';
import { RuleFault } from './fault.ts';
import { MAX_VALUE_DEPTH } from './limits.ts';
import { remedyFor } from '../typed-text/advice.ts';
import { compareTyped, costOf, readTyped, type Typed, typedOf } from '../typed-text/typed.ts';
import { quote } from '../../errors/show-value.ts';

/** The order comparisons. */
export type OrderOperator = '<' | '<=' | '>' | '>=';

/**
 * Orders two values like Python's `<`, `<=`, `>` and `>=`: strings by code point, lists and tuples
 * lexicographically, sets by inclusion, dates by time, versions by precedence. A date or a version can
 * be compared with a text that stands for one.
 *
 * @throws RuleFault `type` for other values, for values of different kinds, and for a text that does
 *   not stand for a date or a version
 */
export function inOrder(
  operator: OrderOperator,
  left: unknown,
  right: unknown,
  depth = 0,
): boolean {
  if (typeof left === 'number' && typeof right === 'number') return compare(operator, left, right);
  if (isNumeric(left) && isNumeric(right)) {
    return compare(operator, toNumber(left), toNumber(right));
  }
  if (typeof left === 'string' && typeof right === 'string') {
    return compare(operator, compareText(left, right), 0);
  }
  if (isSet(left) && isSet(right)) {
    const [small, large] = operator.startsWith('<') ? [left, right] : [right, left];
    const [inner, outer] = [toRuleSet(small), toRuleSet(large)];
    const proper = operator.length === 1;
    return isSubset(inner, outer) && !(proper && inner.elements.size === outer.elements.size);
  }
  const items = itemsOf(left, right);
  if (items === undefined) {
    const difference = typedDifference(operator, left, right);
    if (difference !== undefined) return compare(operator, difference, 0);
    throw new RuleFault(
      'type',
      `"${operator}" can't compare ${describe(left)} with ${describe(right)}`,
    );
  }
  return itemsInOrder(operator, items[0], items[1], depth);
}

function compare(operator: OrderOperator, left: number | bigint, right: number | bigint): boolean {
  switch (operator) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/**
 * Compares two dates or versions, of which one may be a text. Returns undefined for other values; NaN
 * for two dates of which one is invalid, which is in no order.
 *
 * @throws RuleFault `type` for a text that can't be read, and for an invalid date and a text
 */
function typedDifference(
  operator: OrderOperator,
  left: unknown,
  right: unknown,
): number | undefined {
  const [a, b] = [typedOf(left), typedOf(right)];
  if (a !== undefined && b !== undefined) {
    spendSteps(costOf(a));
    return compareTyped(a, b);
  }
  if (a !== undefined && typeof right === 'string')
    return compareTyped(a, read(operator, a, right));
  if (b !== undefined && typeof left === 'string') return compareTyped(read(operator, b, left), b);
  return undefined;
}

/** Reads the text that a date or a version is compared with. */
function read(operator: OrderOperator, typed: Typed, text: string): Typed {
  const { kind } = typed;
  spendSteps(costOf(typed, text));
  if (typed.kind === 'date' && Number.isNaN(typed.time)) {
    throw new RuleFault(
      'type',
      `"${operator}" can't compare an invalid date; check the Date that your application provides`,
    );
  }
  const other = readTyped(kind, text);
  if (other !== undefined) return other;
  throw new RuleFault(
    'type',
    `"${operator}" can't compare a ${kind} with ${quote(text)}, which is not a ${kind}; ${remedyFor(kind, text)}`,
  );
}

/** Returns the items of two lists or two tuples. */
function itemsOf(
  left: unknown,
  right: unknown,
): [readonly unknown[], readonly unknown[]] | undefined {
  if (Array.isArray(left) && Array.isArray(right)) return [left, right];
  if (left instanceof Tuple && right instanceof Tuple) return [left.items, right.items];
  return undefined;
}

/**
 * Orders items. The first items that differ decide; if there are none, the shorter list is the
 * smaller.
 */
function itemsInOrder(
  operator: OrderOperator,
  left: readonly unknown[],
  right: readonly unknown[],
  depth: number,
): boolean {
  if (depth > MAX_VALUE_DEPTH) {
    throw new RuleFault(
      'limit',
      `the values are nested more than ${MAX_VALUE_DEPTH} levels deep, too deep to compare`,
    );
  }
  const shared = Math.min(left.length, right.length);
  spendItemsRead(shared);
  for (let i = 0; i < shared; i++) {
    if (!sameOrEqual(left[i], right[i])) return inOrder(operator, left[i], right[i], depth + 1);
  }
  return compare(operator, left.length, right.length);
}

/**
 * The first surrogate among the UTF-16 code units, and the first code unit after the surrogates.
 */
const SURROGATES = 0xd800;
const AFTER_SURROGATES = 0xe000;

/**
 * Compares texts by code points, as Python does. JavaScript compares code units, which puts
 * characters beyond U+FFFF before U+E000.
 */
function compareText(left: string, right: string): number {
  const shared = Math.min(left.length, right.length);
  spendSteps(shared);
  for (let i = 0; i < shared; i++) {
    const a = left.charCodeAt(i);
    const b = right.charCodeAt(i);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Returns a code unit's rank in the order of code points: surrogates come last. */
function rank(unit: number): number {
  if (unit < SURROGATES) return unit;
  return unit >= AFTER_SURROGATES ? unit - 0x800 : unit + 0x2000;
}
