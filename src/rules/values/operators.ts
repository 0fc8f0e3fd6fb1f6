import {
  add,
  divide,
  floorDivide,
  isWhole,
  modulo,
  multiply,
  negate,
  type Numeric,
  power,
  subtract,
} from './arithmetic.ts';
import { type BitOperator, bitwise, invert } from './bits.ts';
import { spendItems, spendString } from './budget.ts';
import { describe, Dict, isDict, isSet, RuleSet, toDict, toRuleSet, Tuple } from './collections.ts';
import { equals, isNumeric, isSame, toNumber } from './equality.ts';
import { RuleFault } from './fault.ts';
import type { BinaryOperator, CompareOperator, UnaryOperator } from './operator-names.ts';
import { inOrder } from './order.ts';
import { contains } from './sequences.ts';

/** An operator on two values. Throws a RuleFault if it does not support their types. */
export type Operation<Result = unknown> = (left: unknown, right: unknown) => Result;

/** The comparisons. To add one, add a line here and one in the parser's table. */
export const COMPARE: Readonly<Record<CompareOperator, Operation<boolean>>> = {
  '==': equals,
  '!=': (left, right) => !equals(left, right),
  '<': (left, right) => inOrder('<', left, right),
  '<=': (left, right) => inOrder('<=', left, right),
  '>': (left, right) => inOrder('>', left, right),
  '>=': (left, right) => inOrder('>=', left, right),
  in: (left, right) => contains(right, left),
  'not in': (left, right) => !contains(right, left),
  is: isSame,
  'is not': (left, right) => !isSame(left, right),
};

/**
 * The operators between two operands. To add one, add a line here and one in the parser's table.
 */
export const BINARY: Readonly<Record<BinaryOperator, Operation>> = {
  '+': (left, right) => concatenated(left, right) ?? onNumbers('+', add, left, right),
  '-': (left, right) => setResult('-', left, right) ?? onNumbers('-', subtract, left, right),
  '*': (left, right) =>
    repeated(left, right) ?? repeated(right, left) ?? onNumbers('*', multiply, left, right),
  '/': (left, right) => onNumbers('/', divide, left, right),
  '//': (left, right) => onNumbers('//', floorDivide, left, right),
  '%': (left, right) => {
    if (typeof left === 'string') {
      throw new RuleFault('type', `"%" can't format strings in a rule`);
    }
    return onNumbers('%', modulo, left, right);
  },
  '**': (left, right) => onNumbers('**', power, left, right),
  '<<': (left, right) => onBits('<<', left, right),
  '>>': (left, right) => onBits('>>', left, right),
  '&': (left, right) => setResult('&', left, right) ?? onBits('&', left, right),
  '|': (left, right) =>
    setResult('|', left, right) ?? merged(left, right) ?? onBits('|', left, right),
  '^': (left, right) => setResult('^', left, right) ?? onBits('^', left, right),
};

/** The operators before one operand. */
export const UNARY: Readonly<Record<UnaryOperator, (operand: unknown) => unknown>> = {
  '-': (operand) => negate(numberOf('-', operand)),
  '+': (operand) => numberOf('+', operand),
  '~': (operand) => {
    const number = numberOf('~', operand);
    if (!isWhole(number)) throw new RuleFault('type', '"~" needs a whole number');
    return invert(number);
  },
};

function numberOf(operator: string, value: unknown): Numeric {
  if (isNumeric(value)) return toNumber(value);
  throw new RuleFault('type', `"${operator}" needs a number, not ${describe(value)}`);
}

function mismatch(operator: string, left: unknown, right: unknown): never {
  throw new RuleFault(
    'type',
    `"${operator}" can't combine ${describe(left)} and ${describe(right)}`,
  );
}

function onNumbers(
  operator: string,
  operation: (left: Numeric, right: Numeric) => Numeric,
  left: unknown,
  right: unknown,
): Numeric {
  if (isNumeric(left) && isNumeric(right)) return operation(toNumber(left), toNumber(right));
  return mismatch(operator, left, right);
}

/** Applies a bit operator. Two booleans stay booleans under `&`, `|` and `^`, as in Python. */
function onBits(operator: BitOperator, left: unknown, right: unknown): Numeric | boolean {
  if (!isNumeric(left) || !isNumeric(right)) return mismatch(operator, left, right);
  const [a, b] = [toNumber(left), toNumber(right)];
  if (!isWhole(a) || !isWhole(b)) {
    throw new RuleFault('type', `"${operator}" needs whole numbers`);
  }
  const result = bitwise(operator, a, b);
  const logical = operator === '&' || operator === '|' || operator === '^';
  return logical && typeof left === 'boolean' && typeof right === 'boolean' ? result === 1 : result;
}

/** Joins strings, lists and tuples. Returns undefined for other operands. */
function concatenated(left: unknown, right: unknown): unknown {
  if (typeof left === 'string' && typeof right === 'string') {
    spendString(left.length + right.length);
    return left + right;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    spendItems(left.length + right.length);
    return [...(left as unknown[]), ...(right as unknown[])];
  }
  if (left instanceof Tuple && right instanceof Tuple) {
    spendItems(left.items.length + right.items.length);
    return new Tuple([...left.items, ...right.items]);
  }
  return undefined;
}

/** The bits of an index in Python, which refuses longer numbers of repetitions, also negative ones. */
const INDEX_BITS = 64;

/** Repeats a string, list or tuple. Returns undefined for other operands. */
function repeated(sequence: unknown, count: unknown): unknown {
  const isSequence =
    typeof sequence === 'string' || Array.isArray(sequence) || sequence instanceof Tuple;
  if (!isSequence || !isNumeric(count)) return undefined;
  const number = toNumber(count);
  if (!isWhole(number)) return undefined;
  if (typeof number === 'bigint' && BigInt.asIntN(INDEX_BITS, number) !== number) {
    throw new RuleFault('limit', 'a number of repetitions must have at most 64 bits');
  }
  // An empty string stays empty, and 0 times infinity would be NaN.
  if (sequence === '') return '';
  const times = Math.max(0, Number(number));
  if (typeof sequence === 'string') {
    spendString(sequence.length * times);
    return sequence.repeat(times);
  }
  const items = sequence instanceof Tuple ? sequence.items : (sequence as unknown[]);
  if (items.length === 0) return sequence;
  spendItems(items.length * times);
  const result = Array.from({ length: items.length * times }, (_, i) => items[i % items.length]);
  return sequence instanceof Tuple ? new Tuple(result) : result;
}

/**
 * Returns the difference, intersection, union or symmetric difference, or undefined if an operand
 * is not a set.
 */
function setResult(operator: '-' | '&' | '|' | '^', left: unknown, right: unknown): unknown {
  if (!isSet(left) || !isSet(right)) return undefined;
  const a = toRuleSet(left);
  const b = toRuleSet(right);
  spendItems(a.elements.size + b.elements.size);
  const notIn = (one: RuleSet, other: RuleSet) =>
    [...one.elements].filter(([key]) => !other.elements.has(key)).map(([, item]) => item);
  switch (operator) {
    case '-':
      return new RuleSet(notIn(a, b));
    case '&':
      return new RuleSet(
        [...a.elements].filter(([key]) => b.elements.has(key)).map(([, item]) => item),
      );
    case '|':
      return new RuleSet([...a.elements.values(), ...b.elements.values()]);
    case '^':
      return new RuleSet([...notIn(a, b), ...notIn(b, a)]);
  }
}

/** Merges two dicts; entries on the right win. Returns undefined if an operand is not a dict. */
function merged(left: unknown, right: unknown): unknown {
  if (!isDict(left) || !isDict(right)) return undefined;
  const entries = [toDict(left), toDict(right)].flatMap((dict) => [...dict.entries.values()]);
  spendItems(entries.length);
  return new Dict(entries.map(({ key, value }) => [key, value] as const));
}
