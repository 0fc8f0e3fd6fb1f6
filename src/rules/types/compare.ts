import { constantOf, NO_CONSTANT } from '../compile/evaluate.ts';
import { judgeMembership } from './access.ts';
import { canBeSame, canEqual } from './equality.ts';
import { judgeOrder } from './operators.ts';
import type { RuleType } from './types.ts';
import { combine, gives, ofPairs, type Verdict } from './verdict.ts';
import { describeType } from './words.ts';
import { BOOLEAN, ANY } from './types.ts';
import type { CompareOperator } from '../values/operator-names.ts';
import type { RuleNode } from '../syntax/nodes.ts';

/** One side of a comparison. */
export interface Side {
  readonly node: RuleNode;
  readonly type: RuleType;
  /** The type of the side if the rest of the rule is ignored. */
  readonly bare: RuleType;
}

/** A verdict on a comparison: can it fail, and is its outcome fixed? */
export interface CompareVerdict extends Verdict {
  /** The reason why the outcome is always the same; absent if it is not. */
  readonly fixed?: { readonly certain: boolean; readonly reason: string };
}

/** Judges a comparison of two sides. */
export function judgeComparison(
  operator: CompareOperator,
  left: Side,
  right: Side,
): CompareVerdict {
  switch (operator) {
    case '==':
    case '!=':
      return { ...gives(BOOLEAN), ...fixed(operator, left, right, canEqual) };
    case 'is':
    case 'is not':
      return { ...gives(BOOLEAN), ...fixed(operator, left, right, canBeSame) };
    case 'in':
    case 'not in': {
      const verdicts = right.type
        .filter((one) => !(one.kind === 'none' && one.absent))
        .map((one) => judgeMembership(one, left.type));
      const verdict = combine(verdicts);
      return verdict.fails === 'never'
        ? { ...verdict, ...fixed(operator, left, right, canBeIn) }
        : verdict;
    }
    default:
      return ofPairs(left.type, right.type, (a, b) => judgeOrder(operator, a, b));
  }
}

function canBeIn(item: RuleType, container: RuleType): boolean {
  if (item.length === 0 || container.length === 0) return true;
  return container.some((one) => judgeMembership(one, item).holds);
}

const NEGATIVE: ReadonlySet<CompareOperator> = new Set(['!=', 'is not', 'not in']);

function fixed(
  operator: CompareOperator,
  left: Side,
  right: Side,
  canHold: (left: RuleType, right: RuleType) => boolean,
): Pick<CompareVerdict, 'fixed'> {
  if (canHold(left.type, right.type)) return {};
  // A comparison of two literals is intended.
  if (isConstant(left.node) && isConstant(right.node)) return {};
  const outcome = NEGATIVE.has(operator) ? 'is always true' : 'is never true';
  const what = operator.endsWith('in') ? 'the right side contains' : 'the right side is';
  const reason = `"${operator}" ${outcome} here: the left side is ${describeType(left.type)}, ${what} ${
    operator.endsWith('in') ? describeItems(right.type) : describeType(right.type)
  }`;
  // A needless check for None does no harm. Neither does one that another part of the rule settles.
  const certain =
    !canHold(left.bare, right.bare) && !isOnlyNone(left.type) && !isOnlyNone(right.type);
  return { fixed: { certain, reason } };
}

function isConstant(node: RuleNode): boolean {
  return constantOf(node) !== NO_CONSTANT;
}

function isOnlyNone(type: RuleType): boolean {
  return type.length > 0 && type.every(({ kind }) => kind === 'none');
}

function describeItems(container: RuleType): string {
  return describeType(
    container.flatMap((one) => {
      switch (one.kind) {
        case 'list':
        case 'tuple':
        case 'set':
          return one.items;
        case 'dict':
          return one.keys;
        default:
          return ANY;
      }
    }),
  );
}
