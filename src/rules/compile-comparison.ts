import type { Compilation } from './compilation.ts';
import type { Evaluate } from './evaluate.ts';
import type { CompareNode, RuleNode } from './nodes.ts';
import { COMPARE } from './operators.ts';

/**
 * Compiles a chain of comparisons. Each operand is evaluated once, and none behind the first
 * comparison that is false.
 */
export function compileComparison(
  node: CompareNode,
  { operation, text }: Compilation,
  compile: (child: RuleNode) => Evaluate,
): Evaluate {
  const first = compile(node.first);
  const compared = comparedStrings(node);
  if (compared !== undefined) {
    return compileStrings(first, compared.strings.map(text), compared.found);
  }
  const [only] = node.rest;
  if (node.rest.length === 1 && only !== undefined) {
    const operand = compile(only.operand);
    const compare = COMPARE[only.operator];
    return operation(node, (context, locals) =>
      compare(first(context, locals), operand(context, locals)),
    );
  }
  const rest = node.rest.map(({ operator, operand }) => ({
    compare: COMPARE[operator],
    operand: compile(operand),
  }));
  return operation(node, (context, locals) => {
    let left = first(context, locals);
    for (const { compare, operand } of rest) {
      const right = operand(context, locals);
      if (!compare(left, right)) return false;
      left = right;
    }
    return true;
  });
}

/** What a value is compared with, in the commonest comparisons. */
interface ComparedStrings {
  readonly strings: readonly string[];
  /** What the comparison gives where the value is one of them. */
  readonly found: boolean;
}

/** Whether a comparison is one of those with strings; see {@link comparedStrings}. */
export function comparesStrings({ rest }: CompareNode): boolean {
  const [only] = rest;
  if (rest.length !== 1 || only === undefined) return false;
  switch (only.operator) {
    case '==':
    case '!=':
      return isString(only.operand);
    case 'in':
    case 'not in':
      return (
        (only.operand.kind === 'list' || only.operand.kind === 'tuple') &&
        only.operand.items.every(isString)
      );
    default:
      return false;
  }
}

function isString(node: RuleNode): boolean {
  return node.kind === 'literal' && typeof node.value === 'string';
}

/** The strings of `x == "a"`, `x != "a"`, `x in ["a", "b"]` and `x not in ["a", "b"]`. */
function comparedStrings(node: CompareNode): ComparedStrings | undefined {
  const [only] = node.rest;
  if (only === undefined || !comparesStrings(node)) return undefined;
  const { operator, operand } = only;
  const items = operand.kind === 'list' || operand.kind === 'tuple' ? operand.items : [operand];
  const strings = items.map((item) => (item.kind === 'literal' ? String(item.value) : ''));
  return { strings, found: operator === '==' || operator === 'in' };
}

/** Up to this many strings are kept without a list, which would be one thing more to look at. */
const FEW = 4;

/** From this many strings on, a Set is faster than a look at each. */
const SET_FROM = 10;

/** A string is equal to no value of another type, and comparing one fails for none. */
function compileStrings(value: Evaluate, strings: readonly string[], found: boolean): Evaluate {
  // Where there are fewer, the last one is compared again.
  const [first, second = first, third = second, fourth = third] = strings;
  if (strings.length === 1) {
    return found
      ? (context, locals) => value(context, locals) === first
      : (context, locals) => value(context, locals) !== first;
  }
  if (strings.length > 1 && strings.length <= FEW) {
    return (context, locals) => {
      const one = value(context, locals);
      return (one === first || one === second || one === third || one === fourth) === found;
    };
  }
  if (strings.length < SET_FROM) {
    return (context, locals) => {
      const one = value(context, locals);
      for (const string of strings) if (string === one) return found;
      return !found;
    };
  }
  const set = new Set<unknown>(strings);
  return (context, locals) => set.has(value(context, locals)) === found;
}
