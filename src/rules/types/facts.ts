import { constantOf, NO_CONSTANT } from '../compile/evaluate.ts';
import { equalTo, unequalTo } from './equality.ts';
import { memberKey, pathKey, segmentOf, type Surroundings, typeOfPath } from './paths.ts';
import { type Alternative, isOptionalNone, ofTruth, type RuleType } from './types.ts';
import type { CompareOperator } from '../values/operator-names.ts';
import type { CompareNode, RuleNode } from '../syntax/nodes.ts';

/** Returns the type of a constant. */
export type TypeOfConstant = (node: RuleNode) => RuleType;

/**
 * Returns the facts that hold after a condition was true or false: `x is not None and …`, `"plan"
 * in user and …`, `plan == "pro" or …`.
 */
export function assuming(
  node: RuleNode,
  truth: boolean,
  around: Surroundings,
  typeOf: TypeOfConstant,
): Surroundings {
  const assumeEach = (nodes: readonly RuleNode[]) =>
    nodes.reduce((known, one) => assuming(one, truth, known, typeOf), around);
  switch (node.kind) {
    case 'not':
      return assuming(node.operand, !truth, around, typeOf);
    case 'and':
      // The operand that was false is not known.
      return truth ? assumeEach(node.operands) : around;
    case 'or':
      return truth ? around : assumeEach(node.operands);
    case 'compare':
      return assumeComparison(node, truth, around, typeOf);
    default:
      return withFact(node, around, (type) => ofTruth(type, truth));
  }
}

function assumeComparison(
  { first, rest }: CompareNode,
  truth: boolean,
  around: Surroundings,
  typeOf: TypeOfConstant,
): Surroundings {
  if (!truth && rest.length > 1) return around;
  let known = around;
  let left = first;
  for (const { operator, operand: right } of rest) {
    known = assumePair(left, operator, right, truth, known, typeOf);
    left = right;
  }
  return known;
}

/** Maps each negative operator to the operator that it negates. */
const NEGATED = new Map<CompareOperator, CompareOperator>([
  ['!=', '=='],
  ['is not', 'is'],
  ['not in', 'in'],
]);

function assumePair(
  left: RuleNode,
  operator: CompareOperator,
  right: RuleNode,
  truth: boolean,
  around: Surroundings,
  typeOf: TypeOfConstant,
): Surroundings {
  const positive = NEGATED.get(operator);
  if (positive !== undefined) {
    return assumePair(left, positive, right, !truth, around, typeOf);
  }
  switch (operator) {
    case '==':
    case 'is': {
      const [path, constant] = isConstant(right) ? [left, right] : [right, left];
      if (!isConstant(constant)) return around;
      const type = typeOf(constant);
      return withFact(path, around, (known) => {
        const [same, others] = operator === 'is' ? byKind(known, type) : [known, []];
        return truth ? equalTo(same, type) : [...unequalTo(same, [type]), ...others];
      });
    }
    case 'in':
      if (isConstant(right)) return assumeAmong(left, right, truth, around, typeOf);
      return truth ? assumeMember(left, right, around) : around;
    default:
      // An order with None fails, so what comes later is only evaluated if neither side was None.
      return [left, right].reduce((known, side) => withFact(side, known, withoutNone), around);
  }
}

function withoutNone(type: RuleType): RuleType {
  return type.filter(({ kind }) => kind !== 'none');
}

/**
 * Splits a type into what may be the constant itself and what may only equal it, as 1 equals True.
 */
function byKind(known: RuleType, constant: RuleType): [RuleType, RuleType] {
  const isSame = (one: Alternative) =>
    one.kind === 'any' || constant.some(({ kind }) => kind === one.kind);
  return [known.filter(isSame), known.filter((one) => !isSame(one))];
}

function isConstant(node: RuleNode): boolean {
  return constantOf(node) !== NO_CONSTANT;
}

/** `plan in ["pro", "team"]` */
function assumeAmong(
  item: RuleNode,
  container: RuleNode,
  truth: boolean,
  around: Surroundings,
  typeOf: TypeOfConstant,
): Surroundings {
  const [type] = typeOf(container);
  if (type?.kind !== 'list' && type?.kind !== 'tuple' && type?.kind !== 'set') return around;
  const { items } = type;
  return withFact(item, around, (known) =>
    truth ? equalTo(known, items) : unequalTo(known, [items]),
  );
}

/** Assumes `"plan" in user`: the attribute is present. */
function assumeMember(item: RuleNode, owner: RuleNode, around: Surroundings): Surroundings {
  const key = pathKey(owner);
  if (key === undefined || item.kind !== 'literal' || typeof item.value !== 'string') return around;
  const member = memberKey(key, item.value);
  if (around.facts.has(member)) return around;
  return { ...around, facts: new Map([...around.facts, [member, {}]]) };
}

/** Returns the surroundings with a path's type narrowed. The path was read, so it is present. */
function withFact(
  node: RuleNode,
  around: Surroundings,
  narrow: (type: RuleType) => RuleType,
): Surroundings {
  const key = pathKey(node);
  if (key === undefined) return around;
  const type = typeOfPath(node, around);
  const narrowed = narrow(type.filter((one) => !(one.kind === 'none' && one.absent)));
  const isSame = narrowed.length === type.length && narrowed.every((one, i) => one === type[i]);
  const before = around.facts.get(key);
  const fact = isSame && before === undefined ? undefined : { type: narrowed };
  const isPresent = narrowed.length > 0 && narrowed.every(({ kind }) => kind !== 'none');
  const known = isPresent ? withOwner(node, around) : around;
  // Local variables and required properties are always present and need no fact.
  if (fact === undefined) return known;
  return { ...known, facts: new Map([...known.facts, [key, fact]]) };
}

/** Returns the surroundings in which the owner of an attribute is not an absent optional object. */
function withOwner(node: RuleNode, around: Surroundings): Surroundings {
  const segment = segmentOf(node);
  if (segment === undefined || !typeOfPath(segment.object, around).some(isOptionalNone)) {
    return around;
  }
  return withFact(segment.object, around, (type) => type.filter((one) => !isOptionalNone(one)));
}
