import {
  ANY,
  type Alternative,
  BOOLEAN,
  type DictType,
  NEVER,
  NUMBER,
  type RuleType,
  STRING,
  type TupleType,
  union,
  WHOLE,
} from './types.ts';
import { combine, doubtful, failing, gives, ofPairs, type Verdict } from './verdict.ts';
import { describeAlternative } from './words.ts';
import { pairEquals } from './equality.ts';
import { judgeTypedOrder } from './typed-text.ts';
import type { BinaryOperator, UnaryOperator } from '../values/operator-names.ts';
import type { OrderOperator } from '../values/order.ts';

/** Judges a sign before an operand; mirrors `UNARY` in `rules/values/operators.ts`. */
export function judgeUnary(operator: UnaryOperator, operand: Alternative): Verdict {
  if (operand.kind === 'any') return gives(NUMBER);
  if (!isNumeric(operand)) {
    return failing(`"${operator}" needs a number, not ${describeAlternative(operand)}`);
  }
  if (operator !== '~') return gives(isWhole(operand) ? WHOLE : NUMBER);
  return isWhole(operand) ? gives(WHOLE) : doubtful(WHOLE, '"~" needs a whole number');
}

/** Judges an operator between two operands; mirrors `BINARY` in `rules/values/operators.ts`. */
export function judgeBinary(
  operator: BinaryOperator,
  left: Alternative,
  right: Alternative,
): Verdict {
  if (operator === '%' && left.kind === 'string') {
    return failing(`"%" can't format strings in a rule`);
  }
  if (left.kind === 'any' || right.kind === 'any') return gives(ANY);
  if (isNumeric(left) && isNumeric(right)) return onNumbers(operator, left, right);
  return (
    onCollections(operator, left, right) ??
    failing(
      `"${operator}" can't combine ${describeAlternative(left)} and ${describeAlternative(right)}`,
    )
  );
}

function onNumbers(operator: BinaryOperator, left: Alternative, right: Alternative): Verdict {
  const bothWhole = isWhole(left) && isWhole(right);
  switch (operator) {
    case '/':
      return gives(NUMBER);
    case '**':
      return gives(bothWhole && isNatural(right) ? WHOLE : NUMBER);
    case '<<':
    case '>>':
    case '&':
    case '|':
    case '^': {
      const shifts = operator === '<<' || operator === '>>';
      const logical = !shifts && left.kind === 'boolean' && right.kind === 'boolean';
      const type = logical ? BOOLEAN : WHOLE;
      return bothWhole ? gives(type) : doubtful(type, `"${operator}" needs whole numbers`);
    }
    default:
      return gives(bothWhole ? WHOLE : NUMBER);
  }
}

/** Judges an operator on collections. Returns undefined if it can't combine them. */
function onCollections(
  operator: BinaryOperator,
  left: Alternative,
  right: Alternative,
): Verdict | undefined {
  switch (operator) {
    case '+':
      return concatenated(left, right);
    case '*':
      return repeated(left, right) ?? repeated(right, left);
    case '-':
    case '&':
    case '|':
    case '^':
      if (left.kind === 'set' && right.kind === 'set') {
        const items = operator === '-' || operator === '&' ? left.items : bothItems(left, right);
        return gives([{ kind: 'set', items }]);
      }
      return operator === '|' && left.kind === 'dict' && right.kind === 'dict'
        ? gives([joinedDict(left, right)])
        : undefined;
    default:
      return undefined;
  }
}

function concatenated(left: Alternative, right: Alternative): Verdict | undefined {
  if (left.kind === 'string' && right.kind === 'string') return gives(STRING);
  if (left.kind === 'list' && right.kind === 'list') {
    return gives([{ kind: 'list', items: bothItems(left, right) }]);
  }
  if (left.kind === 'tuple' && right.kind === 'tuple') {
    return gives([joinedTuple(left, right)]);
  }
  return undefined;
}

function joinedTuple(left: TupleType, right: TupleType): TupleType {
  const items = bothItems(left, right);
  const parts = left.parts && right.parts && [...left.parts, ...right.parts];
  return { kind: 'tuple', items, ...(parts && { parts }) };
}

/** Joins two dicts. The result does not record which dict a key came from. */
function joinedDict(left: DictType, right: DictType): DictType {
  const values = [left, right].flatMap(({ properties, others = NEVER }) => [
    ...Array.from(properties.values(), ({ type }) => type),
    others,
  ]);
  const keys = union([left.keys, right.keys]);
  return { kind: 'dict', keys, properties: new Map(), others: union(values) };
}

function bothItems(left: { items: RuleType }, right: { items: RuleType }): RuleType {
  return union([left.items, right.items]);
}

function repeated(sequence: Alternative, count: Alternative): Verdict | undefined {
  if (!isNumeric(count)) return undefined;
  const type = repetitionOf(sequence);
  if (type === undefined) return undefined;
  return isWhole(count) ? gives(type) : doubtful(type, '"*" needs a whole number of repetitions');
}

function repetitionOf(sequence: Alternative): RuleType | undefined {
  switch (sequence.kind) {
    case 'string':
      return STRING;
    case 'list':
      return [sequence];
    case 'tuple':
      return [{ kind: 'tuple', items: sequence.items }];
    default:
      return undefined;
  }
}

/** Judges `<`, `<=`, `>` and `>=`; mirrors `inOrder`. */
export function judgeOrder(
  operator: OrderOperator,
  left: Alternative,
  right: Alternative,
): Verdict {
  if (left.kind === 'any' || right.kind === 'any') return gives(BOOLEAN);
  if (isNumeric(left) && isNumeric(right)) return gives(BOOLEAN);
  const typed = judgeTypedOrder(operator, left, right);
  if (typed !== undefined) return typed;
  if (left.kind === right.kind) {
    if (left.kind === 'string' || left.kind === 'set') return gives(BOOLEAN);
    const pairs = itemPairs(left, right);
    if (pairs !== undefined) return orderItems(operator, pairs);
  }
  return failing(
    `"${operator}" can't compare ${describeAlternative(left)} with ${describeAlternative(right)}`,
  );
}

/** Returns the pairs of item types that may be compared. Items of tuples are paired by position. */
function itemPairs(
  left: Alternative,
  right: Alternative,
): readonly (readonly [RuleType, RuleType])[] | undefined {
  if (left.kind === 'list' && right.kind === 'list') return [[left.items, right.items]];
  if (left.kind !== 'tuple' || right.kind !== 'tuple') return undefined;
  const [a, b] = [left.parts, right.parts];
  if (a === undefined || b === undefined) return [[left.items, right.items]];
  return a.slice(0, b.length).map((part, i) => [part, b[i] ?? NEVER]);
}

/** Judges the order of items. The first items that differ decide, and all may be equal. */
function orderItems(
  operator: OrderOperator,
  pairs: readonly (readonly [RuleType, RuleType])[],
): Verdict {
  for (const [left, right] of pairs) {
    const { fails, reason = '' } = ofPairs(left, right, (a, b) =>
      // Equal items are never put in order.
      a.kind === 'none' && pairEquals(a, b) ? gives(BOOLEAN) : judgeOrder(operator, a, b),
    );
    if (fails !== 'never') return doubtful(BOOLEAN, reason);
  }
  return gives(BOOLEAN);
}

/** Judges a set element or a dict key; mirrors `hashKey`. */
export function judgeHash(one: Alternative): Verdict {
  switch (one.kind) {
    case 'list':
    case 'set':
    case 'dict':
      return failing(`${describeAlternative(one)} can't be a set element or a key`);
    case 'tuple': {
      const inner = combine((one.parts ?? [one.items]).flat().map(judgeHash));
      if (inner.fails === 'never') return gives(NEVER);
      return doubtful(NEVER, `a tuple with such items can't be a set element or a key`);
    }
    default:
      return gives(NEVER);
  }
}

function isNumeric({ kind }: Alternative): boolean {
  return kind === 'number' || kind === 'boolean';
}

/** Returns true if the number is known to be whole. A boolean counts as 0 or 1. */
export function isWhole(one: Alternative): boolean {
  return one.kind === 'boolean' || (one.kind === 'number' && one.whole);
}

function isNatural(one: Alternative): boolean {
  if (one.kind === 'boolean') return true;
  if (one.kind !== 'number' || one.values === undefined) return false;
  return [...one.values].every((value) => Number(value) >= 0);
}
