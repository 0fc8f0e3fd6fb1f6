import type { RuleErrorCode } from '../../../src/errors/evenhand-error.ts';
import type { RuleRange } from '../../../src/errors/rule-error.ts';

/** A Python value. Lists are arrays; numbers are small whole numbers or halves. */
export type Value =
  null | boolean | number | string | readonly Value[] | Tuple | SetValue | DictValue;
export interface Tuple {
  readonly tuple: readonly Value[];
}
export interface SetValue {
  readonly set: readonly Value[];
}
export interface DictValue {
  readonly dict: readonly (readonly [Value, Value])[];
}

/** A Python exception, by the code of the RuleError that stands for it. */
export class PythonError extends Error {
  readonly code: RuleErrorCode;
  /** The place of the innermost operation. */
  range: RuleRange | undefined;

  constructor(code: RuleErrorCode, range?: RuleRange) {
    super(code);
    this.code = code;
    this.range = range;
  }
}

/** The error for a number that this evaluator can't calculate exactly. */
export class TooLarge extends Error {}

/** Returns true if a value is a dict. */
export function isDict(value: Value): value is DictValue {
  return typeof value === 'object' && value !== null && 'dict' in value;
}

/** Returns true if a value is a tuple. */
export function isTuple(value: Value): value is Tuple {
  return typeof value === 'object' && value !== null && 'tuple' in value;
}

/** Returns true if a value is a set. */
export function isSet(value: Value): value is SetValue {
  return typeof value === 'object' && value !== null && 'set' in value;
}

/** Returns true if a value is a list. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Returns a number for operators: booleans count. */
export function numberOf(value: Value): number {
  if (typeof value !== 'number' && typeof value !== 'boolean') throw new PythonError('type');
  return Number(value);
}

/** Returns the values that a `for` loops over. */
export function itemsOf(value: Value): readonly Value[] {
  if (typeof value === 'string') return Array.from(value);
  if (typeof value !== 'object' || value === null) throw new PythonError('type');
  if ('tuple' in value) return value.tuple;
  if ('set' in value) return value.set;
  if ('dict' in value) return value.dict.map(([key]) => key);
  return value;
}

/** Returns a whole number, for an index or a bound of a slice. */
export function wholeOf(value: Value): number {
  const number = numberOf(value);
  if (!Number.isInteger(number)) throw new PythonError('type');
  return number;
}

/** Checks that a value can be in a set, or be a key. */
export function hashable(value: Value): Value {
  if (typeof value === 'object' && value !== null) {
    if (!('tuple' in value)) throw new PythonError('type');
    value.tuple.forEach(hashable);
  }
  return value;
}

/** Python's `==`. */
export function isEqual(left: Value, right: Value): boolean {
  if (isNumber(left) && isNumber(right)) return Number(left) === Number(right);
  if (typeof left !== 'object' || left === null || typeof right !== 'object' || right === null) {
    return left === right;
  }
  if (kindOf(left) !== kindOf(right)) return false;
  const [a, b] = [itemsOf(left), itemsOf(right)];
  if (a.length !== b.length) return false;
  if ('set' in left) return a.every((item) => has(b, item));
  if ('dict' in left && 'dict' in right) {
    return left.dict.every(([key, value]) =>
      right.dict.some(([other, its]) => isEqual(key, other) && isEqual(value, its)),
    );
  }
  return a.every((item, i) => isEqual(item, b[i] ?? null));
}

/** Returns true if a value equals one of the items. */
export function has(items: readonly Value[], value: Value): boolean {
  return items.some((item) => isEqual(item, value));
}

function isNumber(value: Value): value is number | boolean {
  return typeof value === 'number' || typeof value === 'boolean';
}

function kindOf(value: Value): string {
  if (typeof value !== 'object' || value === null) return isNumber(value) ? 'number' : typeof value;
  return 'tuple' in value ? 'tuple' : 'set' in value ? 'set' : 'dict' in value ? 'dict' : 'list';
}

/** Python's `item in container`. */
export function contains(container: Value, item: Value): boolean {
  if (typeof container === 'string') {
    if (typeof item !== 'string') throw new PythonError('type');
    return container.includes(item);
  }
  const items = itemsOf(container);
  const kind = kindOf(container);
  if (kind === 'set' && kindOf(item) === 'set') return false;
  if (kind === 'set' || kind === 'dict') hashable(item);
  return has(items, item);
}

/** Python's `<`, `<=`, `>` and `>=`. */
export function compareOrder(operator: string, left: Value, right: Value): boolean {
  const kind = kindOf(left);
  if (kind !== kindOf(right)) throw new PythonError('type');
  if (kind === 'number') return decide(operator, Number(left) - Number(right));
  if (kind === 'set') {
    const [small, large] = operator.startsWith('<') ? [left, right] : [right, left];
    const part = itemsOf(small).every((item) => has(itemsOf(large), item));
    return part && (operator.length === 2 || itemsOf(small).length < itemsOf(large).length);
  }
  if (kind !== 'string' && kind !== 'list' && kind !== 'tuple') throw new PythonError('type');
  const [a, b] = [itemsOf(left), itemsOf(right)];
  const i = a.findIndex((item, at) => at >= b.length || !isEqual(item, b[at] ?? null));
  if (i === -1 || i >= b.length) return decide(operator, a.length - b.length);
  const [one, other] = [a[i] ?? null, b[i] ?? null];
  if (kind === 'string') {
    return decide(operator, codePointOf(one) - codePointOf(other));
  }
  return compareOrder(operator, one, other);
}

function codePointOf(character: Value): number {
  return (typeof character === 'string' ? character.codePointAt(0) : undefined) ?? 0;
}

function decide(operator: string, difference: number): boolean {
  if (difference === 0) return operator.length === 2;
  return difference < 0 === operator.startsWith('<');
}

/** Python's `sequence[lower:upper:step]`, by the index of every item. */
export function sliceOf(sequence: Value, [lower, upper, step]: readonly Value[]): Value {
  const kind = kindOf(sequence);
  if (kind !== 'string' && kind !== 'list' && kind !== 'tuple') throw new PythonError('type');
  const by = step == null ? 1 : wholeOf(step);
  if (by === 0) throw new PythonError('index');
  const items = itemsOf(sequence);
  const bound = (part: Value | undefined, start: boolean) => {
    if (part == null) return start === by > 0 ? -Infinity : Infinity;
    const whole = wholeOf(part);
    return whole < 0 ? Math.max(whole + items.length, -1 + Number(by > 0)) : whole;
  };
  const [from, to] = [bound(lower, true), bound(upper, false)];
  const indexes = by > 0 ? [...items.keys()] : [...items.keys()].toReversed();
  const inside = indexes.filter((i) => (by > 0 ? i >= from && i < to : i <= from && i > to));
  const taken = inside.filter((_, i) => i % Math.abs(by) === 0).map((i) => items[i] ?? null);
  if (kind === 'string') return taken.map(String).join('');
  return kind === 'tuple' ? { tuple: taken } : taken;
}
