import { Tuple } from './collections.ts';
import { constantOf, type Evaluate, located } from './evaluate.ts';
import type { CompareNode, RuleNode } from './nodes.ts';
import { COMPARE } from './operators.ts';

/**
 * Compiles a chain of comparisons. Each operand is evaluated once, and none behind the first
 * comparison that is false.
 */
export function compileComparison(
  node: CompareNode,
  compile: (child: RuleNode) => Evaluate,
): Evaluate {
  const first = compile(node.first);
  const [only] = node.rest;
  if (node.rest.length === 1 && only !== undefined) {
    const special = compileSpecial(node, only, first);
    if (special !== undefined) return special;
    const operand = compile(only.operand);
    const compare = COMPARE[only.operator];
    return located(node, (context, locals) =>
      compare(first(context, locals), operand(context, locals)),
    );
  }
  const rest = node.rest.map(({ operator, operand }) => ({
    compare: COMPARE[operator],
    operand: compile(operand),
  }));
  return located(node, (context, locals) => {
    let left = first(context, locals);
    for (const { compare, operand } of rest) {
      const right = operand(context, locals);
      if (!compare(left, right)) return false;
      left = right;
    }
    return true;
  });
}

/** The commonest comparisons without their general cost: with a string, in a list of strings. */
function compileSpecial(
  node: CompareNode,
  { operator, operand }: CompareNode['rest'][number],
  first: Evaluate,
): Evaluate | undefined {
  const constant = constantOf(operand);
  if (operator === '==' && typeof constant === 'string') {
    return (context, locals) => first(context, locals) === constant;
  }
  if (operator === '!=' && typeof constant === 'string') {
    return (context, locals) => first(context, locals) !== constant;
  }
  if (operator !== 'in' && operator !== 'not in') return undefined;
  const items = stringsOf(constant);
  if (items === undefined) return undefined;
  const found = operator === 'in';
  const has = membership(items);
  return located(node, (context, locals) => has(first(context, locals)) === found);
}

/** The items of a constant list or tuple of nothing but strings. */
function stringsOf(constant: unknown): readonly string[] | undefined {
  const items: unknown = constant instanceof Tuple ? constant.items : constant;
  if (!Array.isArray(items)) return undefined;
  return items.every((item) => typeof item === 'string') ? items : undefined;
}

/** From this many strings on, a Set is faster than a look at each. */
const SET_FROM = 10;

/** Whether a value is one of the strings. A string is equal to no value of another type. */
function membership(items: readonly string[]): (value: unknown) => boolean {
  if (items.length < SET_FROM) return (value) => items.includes(value as string);
  const set = new Set<unknown>(items);
  return (value) => set.has(value);
}
