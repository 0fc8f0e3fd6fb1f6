import type { ComprehensionNode, RuleNode, Target } from '../../../src/rules/syntax/nodes.ts';
import {
  compareOrder,
  contains,
  type DictValue,
  has,
  hashable,
  isDict,
  isEqual,
  isList,
  isSet,
  isTuple,
  itemsOf,
  numberOf,
  PythonError,
  type SetValue,
  sliceOf,
  TooLarge,
  type Value,
  wholeOf,
} from './reference-values.ts';

/**
 * Evaluates rules by walking the tree, for comparison with compiled rules. There is no hashing, no
 * constants, no special case for speed. Only the tree's types come from `src/rules`. It supports
 * what the random rules contain, and no more.
 */

/** The visible names: the context's and the comprehensions'. */
export type Names = ReadonlyMap<string, Value>;

/** The kinds of node that can't fail themselves. Errors inside them belong to other nodes. */
const NO_OPERATIONS = new Set<RuleNode['kind']>(['literal', 'not', 'and', 'or', 'conditional']);

/**
 * Returns the value of a tree.
 *
 * @throws PythonError with the place of the innermost operation
 */
export function evaluate(node: RuleNode, names: Names): Value {
  try {
    return evaluateNode(node, names);
  } catch (error) {
    if (error instanceof PythonError && !NO_OPERATIONS.has(node.kind)) {
      error.range ??= { start: node.start, end: node.end };
    }
    throw error;
  }
}

function evaluateNode(node: RuleNode, names: Names): Value {
  const value = (inner: RuleNode) => evaluate(inner, names);
  switch (node.kind) {
    case 'literal':
      if (typeof node.value === 'bigint') throw new TooLarge();
      return node.value;
    case 'name': {
      const found = names.get(node.name);
      if (found === undefined) throw new PythonError('name');
      return found;
    }
    case 'attribute': {
      const owner = value(node.object);
      const entry = isDict(owner) ? owner.dict.find(([key]) => key === node.name) : undefined;
      if (entry === undefined) throw new PythonError('attribute');
      return entry[1];
    }
    case 'index':
      return itemOf(value(node.object), value(node.index));
    case 'slice': {
      const [object, ...bounds] = [node.object, node.lower, node.upper, node.step].map((part) =>
        part === undefined ? null : value(part),
      );
      return sliceOf(object ?? null, bounds);
    }
    case 'not':
      return !isTrue(value(node.operand));
    case 'unary': {
      const operand = value(node.operand);
      if (node.operator === '~') return -wholeOf(operand) - 1;
      return small(Number(`${node.operator}1`) * numberOf(operand));
    }
    case 'binary':
      return binary(node.operator, value(node.left), value(node.right));
    case 'compare': {
      let left = value(node.first);
      for (const { operator, operand } of node.rest) {
        const right = value(operand);
        if (!compare(operator, left, right)) return false;
        left = right;
      }
      return true;
    }
    case 'and':
    case 'or': {
      let result: Value = null;
      for (const operand of node.operands) {
        result = value(operand);
        if (isTrue(result) === (node.kind === 'or')) break;
      }
      return result;
    }
    case 'conditional':
      return isTrue(value(node.test)) ? value(node.consequent) : value(node.alternate);
    case 'list':
      return node.items.map(value);
    case 'tuple':
      return { tuple: node.items.map(value) };
    case 'set':
      return setOf(node.items.map(value));
    case 'dict':
      return dictOf(node.entries.map((entry) => [value(entry.key), value(entry.value)] as const));
    case 'comprehension':
      return comprehension(node, names);
    case 'segment':
    case 'prerequisite':
      throw new Error('the reference knows no declared names');
    case 'refused':
      throw new PythonError(node.code);
  }
}

function small(value: number): number {
  if (Math.abs(value) > 2 ** 40) throw new TooLarge();
  return value;
}

/** Returns Python's truth of a value. */
export function isTrue(value: Value): boolean {
  if (value === null) return false;
  if (typeof value !== 'object') return Boolean(value);
  return itemsOf(value).length > 0;
}

function itemOf(object: Value, index: Value): Value {
  if (isDict(object)) {
    const wanted = hashable(index);
    const [, found] = object.dict.find(([key]) => isEqual(key, wanted)) ?? [];
    if (found === undefined) throw new PythonError('key');
    return found;
  }
  if (typeof object === 'object' && object !== null && 'set' in object)
    throw new PythonError('type');
  const items = itemsOf(object);
  const position = wholeOf(index);
  const item = items[position < 0 ? position + items.length : position];
  if (item === undefined) throw new PythonError('index');
  return item;
}

function setOf(items: readonly Value[]): SetValue {
  const set: Value[] = [];
  for (const item of items) if (!has(set, hashable(item))) set.push(item);
  return { set };
}

function dictOf(entries: readonly (readonly [Value, Value])[]): DictValue {
  const dict: [Value, Value][] = [];
  for (const [key, value] of entries) {
    const wanted = hashable(key);
    const known = dict.find(([other]) => isEqual(other, wanted));
    if (known === undefined) dict.push([key, value]);
    else known[1] = value;
  }
  return { dict };
}

function binary(operator: string, left: Value, right: Value): Value {
  if (operator === '+') {
    if (typeof left === 'string' && typeof right === 'string') return left + right;
    if (isList(left) && isList(right)) return [...left, ...right];
    if (isTuple(left) && isTuple(right)) return { tuple: [...left.tuple, ...right.tuple] };
  }
  if (operator === '*') {
    const product = repeated(left, right) ?? repeated(right, left);
    if (product !== undefined) return product;
  }
  if (isSet(left) && isSet(right)) {
    const combined = setsCombined(operator, left, right);
    if (combined !== undefined) return combined;
  }
  if (operator === '|' && isDict(left) && isDict(right)) {
    return dictOf([...left.dict, ...right.dict]);
  }
  if (operator === '%' && typeof left === 'string') throw new PythonError('type');
  const [a, b] = [numberOf(left), numberOf(right)];
  if (['/', '//', '%'].includes(operator) && b === 0) throw new PythonError('zero-division');
  switch (operator) {
    case '+':
      return small(a + b);
    case '-':
      return small(a - b);
    case '*':
      return small(a * b);
    case '/':
      return small(a / b);
    case '//':
      return small(Math.floor(plain(a) / plain(b)));
    case '%':
      return small(plain(a) - b * Math.floor(a / plain(b)));
    case '**':
      return power(a, b);
    default:
      return onBits(operator, left, right);
  }
}

/** Checks that a number is exact enough: a multiple of 1/1024. */
function plain(value: number): number {
  if (!Number.isInteger(value * 1024)) throw new TooLarge();
  return value;
}

/** The most items or characters that this evaluator repeats. */
const MAX_REPEATED = 5000;

function repeated(sequence: Value, count: Value): Value | undefined {
  const isSequence = typeof sequence === 'string' || isList(sequence) || isTuple(sequence);
  const isCount = typeof count === 'boolean' || Number.isInteger(count);
  if (!isSequence || !isCount) return undefined;
  const times = Math.max(0, Number(count));
  const items = itemsOf(sequence);
  if (items.length * times > MAX_REPEATED) throw new TooLarge();
  const all = Array.from({ length: times }, () => items).flat();
  if (typeof sequence === 'string') return all.map(String).join('');
  return isTuple(sequence) ? { tuple: all } : all;
}

function setsCombined(operator: string, left: SetValue, right: SetValue): SetValue | undefined {
  const without = (one: SetValue, other: SetValue) =>
    one.set.filter((item) => !has(other.set, item));
  switch (operator) {
    case '-':
      return { set: without(left, right) };
    case '&':
      return { set: left.set.filter((item) => has(right.set, item)) };
    case '|':
      return { set: [...left.set, ...without(right, left)] };
    case '^':
      return { set: [...without(left, right), ...without(right, left)] };
    default:
      return undefined;
  }
}

/**
 * Computes a power whose exact result is a small whole number. Roots and fractions are not
 * supported.
 */
function power(base: number, exponent: number): number {
  if (exponent < 0 && base === 0) throw new PythonError('zero-division');
  if (!Number.isInteger(exponent) && base < 0) throw new PythonError('type');
  if (!Number.isInteger(exponent) || !Number.isInteger(base) || exponent < 0 || exponent > 40) {
    throw new TooLarge();
  }
  return small(base ** exponent);
}

function onBits(operator: string, left: Value, right: Value): Value {
  const [a, b] = [wholeOf(left), wholeOf(right)];
  if (Math.abs(a) >= 2 ** 31 || Math.abs(b) >= 2 ** 31) throw new TooLarge();
  const bothTruths = typeof left === 'boolean' && typeof right === 'boolean';
  switch (operator) {
    case '<<':
    case '>>':
      if (b < 0) throw new PythonError('type');
      return small(operator === '<<' ? a * 2 ** b : Math.floor(a / 2 ** b));
    case '&':
      return bothTruths ? left && right : a & b;
    case '|':
      return bothTruths ? left || right : a | b;
    default:
      return bothTruths ? left !== right : a ^ b;
  }
}

function compare(operator: string, left: Value, right: Value): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    case 'in':
      return contains(right, left);
    case 'not in':
      return !contains(right, left);
    case 'is':
      return isSame(left, right);
    case 'is not':
      return !isSame(left, right);
    default:
      return compareOrder(operator, left, right);
  }
}

/** For lists and similar values, identity depends on the interpreter. */
function isSame(left: Value, right: Value): boolean {
  const isObject = (value: Value) => typeof value === 'object' && value !== null;
  if (isObject(left) && isObject(right)) throw new TooLarge();
  return typeof left === typeof right && left === right;
}

function comprehension(node: ComprehensionNode, names: Names): Value {
  const items: Value[] = [];
  const values: Value[] = [];
  const run = (i: number, inner: Names): void => {
    const clause = node.clauses[i];
    if (clause === undefined) {
      items.push(evaluate(node.item, inner));
      if (node.value !== undefined) values.push(evaluate(node.value, inner));
      // Each item is added before the next one is evaluated.
      if (node.of === 'set' || node.of === 'dict') hashable(items.at(-1) ?? null);
      return;
    }
    for (const item of itemsOf(evaluate(clause.iterable, inner))) {
      const bound = bind(clause.target, item, inner);
      if (clause.conditions.every((test) => isTrue(evaluate(test, bound)))) run(i + 1, bound);
    }
  };
  run(0, names);
  if (node.of === 'set') return setOf(items);
  if (node.of === 'dict') return dictOf(items.map((key, i) => [key, values[i] ?? null] as const));
  return items;
}

function bind(target: Target, item: Value, names: Names): Names {
  if (target.kind === 'name') return new Map(names).set(target.name, item);
  const parts = itemsOf(item);
  if (parts.length !== target.targets.length) {
    throw new PythonError('type', { start: target.start, end: target.end });
  }
  return target.targets.reduce((inner, one, i) => bind(one, parts[i] ?? null, inner), names);
}
