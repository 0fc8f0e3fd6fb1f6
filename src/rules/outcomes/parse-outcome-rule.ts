import type { RuleRange } from '../../errors/rule-error.ts';
import { quote } from '../../errors/show-value.ts';
import { parseRule } from '../syntax/parse.ts';
import type { CompareNode, RuleNode } from '../syntax/nodes.ts';
import { RuleFault, toRuleError } from '../values/fault.ts';
import type { CompareOperator } from '../values/operator-names.ts';
import { readOutcomeLiteral } from './outcome-literal.ts';
import type { OutcomeComparison, OutcomeLiteral, OutcomeRule } from './outcome-rule.ts';

/** The remedy of every construct that is not allowed. */
const ALLOWED =
  'such a rule can only compare properties with literals (==, !=, <, <=, >, >=, in, not in, is None, ' +
  'is not None) and join comparisons by and, or, not';

/** The order comparisons, each with the one that says the same with exchanged sides. */
const EXCHANGED = new Map<CompareOperator, OutcomeComparison['operator']>([
  ['<', '>'],
  ['<=', '>='],
  ['>', '<'],
  ['>=', '<='],
]);

/** The letters of a property's name: every database can read such names. */
const NAME = /^\w+$/;

/**
 * Parses a rule over the properties of an outcome. It takes the part of the rule language that every
 * database can evaluate; a chain such as `10 <= value < 20` becomes two comparisons.
 *
 * @throws RuleError `forbidden` for other parts of the language, `type` for comparisons that are never
 *   true; `syntax`, `limit` and `call` as for every rule
 */
export function parseOutcomeRule(text: string): OutcomeRule {
  const tree = parseRule(text);
  try {
    return toRule(tree);
  } catch (thrown) {
    throw toRuleError(thrown, text);
  }
}

// The parser limits the height of the tree, and so the depth of this recursion.
function toRule(node: RuleNode): OutcomeRule {
  switch (node.kind) {
    case 'and':
    case 'or':
      return { kind: node.kind, rules: node.operands.map(toRule) };
    case 'not':
      return { kind: 'not', rule: toRule(node.operand) };
    case 'compare':
      return toComparisons(node);
    case 'refused':
      throw new RuleFault(node.code, node.reason, node);
    case 'name':
    case 'attribute': {
      const path = pathOf(node);
      return refuse(node, `${path} is not compared with anything; write ${path} == True`);
    }
    case 'literal':
      return refuse(node, 'this is a literal without a comparison');
    default:
      return refuse(node, `this is ${DESCRIPTIONS[node.kind]}`);
  }
}

/** The names of the constructs that are not allowed as a condition. */
const DESCRIPTIONS: Readonly<Record<string, string>> = {
  index: 'an index',
  slice: 'a slice',
  unary: 'a computation',
  binary: 'a computation',
  conditional: 'a conditional',
  list: 'a list',
  tuple: 'a tuple',
  set: 'a set',
  dict: 'a dict',
  comprehension: 'a comprehension',
};

/** Converts a chain: `10 <= value < 20` is `10 <= value and value < 20`. */
function toComparisons({ first, rest }: CompareNode): OutcomeRule {
  let left = first;
  const rules = rest.map(({ operator, operand }) => {
    const rule = toComparison(left, operator, operand);
    left = operand;
    return rule;
  });
  const [only] = rules;
  return only !== undefined && rules.length === 1 ? only : { kind: 'and', rules };
}

function toComparison(left: RuleNode, operator: CompareOperator, right: RuleNode): OutcomeRule {
  const range = { start: left.start, end: right.end };
  switch (operator) {
    case 'in':
      return toMembership(left, right);
    case 'not in':
      return { kind: 'not', rule: toMembership(left, right) };
    case 'is':
    case 'is not': {
      const path = pathOf(left);
      if (readOutcomeLiteral(right) !== null) {
        return refuse(right, '"is" can only be followed by None here; write ==');
      }
      return negated(operator === 'is not', {
        kind: 'compare',
        path,
        operator: '==',
        literal: null,
      });
    }
    case '==':
    case '!=': {
      const { path, literal } = sidesOf(left, right, range);
      return negated(operator === '!=', { kind: 'compare', path, operator: '==', literal });
    }
    default: {
      const { path, literal, isExchanged } = sidesOf(left, right, range);
      if (literal === null || typeof literal === 'boolean') {
        const shown = literal === null ? 'None' : literal ? 'True' : 'False';
        const reason = `"${operator}" needs a number or a text, not ${shown}; write == or !=`;
        throw new RuleFault('type', reason, range);
      }
      const own = isExchanged ? (EXCHANGED.get(operator) ?? operator) : operator;
      return { kind: 'compare', path, operator: own, literal };
    }
  }
}

function negated(isNegated: boolean, rule: OutcomeRule): OutcomeRule {
  return isNegated ? { kind: 'not', rule } : rule;
}

function toMembership(left: RuleNode, right: RuleNode): OutcomeRule {
  if (readOutcomeLiteral(left) !== undefined) {
    return refuse(left, '"in" needs a property on its left side');
  }
  const path = pathOf(left);
  if (right.kind !== 'list' && right.kind !== 'tuple') {
    return refuse(right, '"in" needs a list of literals on its right side');
  }
  const literals = right.items.map((item) => {
    const literal = readOutcomeLiteral(item);
    return literal === undefined ? refuse(item, 'this item is not a literal') : literal;
  });
  if (literals.length === 0) {
    throw new RuleFault('type', '"in" an empty list is never true; add an item', right);
  }
  return { kind: 'in', path, literals };
}

/** A property and a literal, in either order. */
interface Sides {
  readonly path: string;
  readonly literal: OutcomeLiteral;
  /** True if the literal is on the left. */
  readonly isExchanged: boolean;
}

function sidesOf(left: RuleNode, right: RuleNode, range: RuleRange): Sides {
  const [first, second] = [readOutcomeLiteral(left), readOutcomeLiteral(right)];
  if (first === undefined && second !== undefined) {
    return { path: pathOf(left), literal: second, isExchanged: false };
  }
  if (first !== undefined && second === undefined) {
    return { path: pathOf(right), literal: first, isExchanged: true };
  }
  if (first !== undefined) return refuse(range, 'this compares two literals');
  // A part that is neither a property nor a literal is the better place for the error.
  const paths = [pathOf(left), pathOf(right)];
  return refuse(range, `this compares two properties, ${paths.map(quote).join(' and ')}`);
}

/** Returns the path of a property: names with dots between them. */
function pathOf(node: RuleNode): string {
  const names: string[] = [];
  let part = node;
  while (part.kind === 'attribute') {
    names.unshift(checkedName(part.name, part));
    part = part.object;
  }
  if (part.kind === 'name') return [checkedName(part.name, part), ...names].join('.');
  if (part.kind === 'refused') throw new RuleFault(part.code, part.reason, part);
  const what = part.kind === 'literal' ? 'a literal' : (DESCRIPTIONS[part.kind] ?? 'a condition');
  return refuse(part, `this is ${what}, not a property`);
}

function checkedName(name: string, node: RuleNode): string {
  if (NAME.test(name)) return name;
  const reason = `the name ${quote(name)} has other characters than letters, digits and underscores`;
  return refuse(node, reason);
}

function refuse(range: RuleRange, reason: string): never {
  throw new RuleFault('forbidden', `${reason}; ${ALLOWED}`, range);
}
