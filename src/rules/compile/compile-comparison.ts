import type { Compilation, CompileNode } from './compilation.ts';
import type { Evaluate, Scope } from './evaluate.ts';
import type { CompareOperator } from '../values/operator-names.ts';
import type { CompareNode, RuleNode } from '../syntax/nodes.ts';
import { COMPARE } from '../values/operators.ts';
import { equalsText, isReadable } from '../typed-text/typed.ts';

/**
 * Compiles a chain of comparisons. Each operand is evaluated once. Evaluation stops at the first
 * comparison that is false.
 */
export function compileComparison(
  node: CompareNode,
  scope: Scope,
  compilation: Compilation,
  compile: CompileNode,
): Evaluate {
  const first = compile(node.first, scope, compilation);
  const compared = comparedStrings(node);
  if (compared !== undefined) {
    return compileStrings(first, compared.strings.map(compilation.text), compared.found);
  }
  const [only] = node.rest;
  if (node.rest.length === 1 && only !== undefined) {
    const operand = compile(only.operand, scope, compilation);
    return compilation.operation(node, compareOnce(first, COMPARE[only.operator], operand));
  }
  const rest = node.rest.map(({ operator, operand }) => ({
    compare: COMPARE[operator],
    operand: compile(operand, scope, compilation),
  }));
  return compilation.operation(node, compareInTurn(first, rest));
}

type Compare = (typeof COMPARE)[CompareOperator];

function compareOnce(first: Evaluate, compare: Compare, operand: Evaluate): Evaluate {
  return (context, locals) => compare(first(context, locals), operand(context, locals));
}

function compareInTurn(
  first: Evaluate,
  rest: readonly { readonly compare: Compare; readonly operand: Evaluate }[],
): Evaluate {
  return (context, locals) => {
    let left = first(context, locals);
    for (const { compare, operand } of rest) {
      const right = operand(context, locals);
      if (!compare(left, right)) return false;
      left = right;
    }
    return true;
  };
}

/** The strings of one of the commonest comparisons. */
interface ComparedStrings {
  readonly strings: readonly string[];
  /** The result of the comparison if the value is one of the strings. */
  readonly found: boolean;
}

/** Returns true if the comparison is one that {@link comparedStrings} reads. */
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

/** Returns the strings of `x == "a"`, `x != "a"`, `x in ["a", "b"]` and `x not in ["a", "b"]`. */
function comparedStrings(node: CompareNode): ComparedStrings | undefined {
  const [only] = node.rest;
  if (only === undefined || !comparesStrings(node)) return undefined;
  const { operator, operand } = only;
  const items = operand.kind === 'list' || operand.kind === 'tuple' ? operand.items : [operand];
  const strings = items.map((item) => (item.kind === 'literal' ? String(item.value) : ''));
  return { strings, found: operator === '==' || operator === 'in' };
}

/** Up to this many strings are kept in variables. A list would cost one more memory access. */
const FEW = 4;

/** From this many strings on, a Set is faster than comparing each one. */
const SET_FROM = 10;

/**
 * Compiles a comparison with strings only. Unless a string stands for a version or a date, it never
 * equals a value of another type. Comparing never fails. Each closure is made in its own function: V8 lets
 * a closure keep every variable that a sibling closure uses.
 */
function compileStrings(value: Evaluate, strings: readonly string[], found: boolean): Evaluate {
  const [first = ''] = strings;
  const typed = strings.filter(mayBeTyped);
  if (typed.length > 0) {
    return strings.length === 1
      ? isOneOrTyped(value, first, found)
      : isInSetOrTyped(value, new Set<unknown>(strings), typed, found);
  }
  if (strings.length === 1) return found ? isOne(value, first) : isOther(value, first);
  if (strings.length > 1 && strings.length <= FEW) return isOneOfFew(value, strings, found);
  return strings.length < SET_FROM
    ? isInList(value, strings, found)
    : isInSet(value, new Set<unknown>(strings), found);
}

/** The first characters of versions and dates. Most strings are settled by them. */
const TYPED_START = /^\s*v?\d/i;

/** Returns true if the string may equal a version or a date of the context. */
function mayBeTyped(string: string): boolean {
  return TYPED_START.test(string) && isReadable(string);
}

function isOneOrTyped(value: Evaluate, string: string, found: boolean): Evaluate {
  return (context, locals) => {
    const one = value(context, locals);
    if (typeof one === 'object' && one !== null) return equalsText(one, string) === found;
    return (one === string) === found;
  };
}

function isInSetOrTyped(
  value: Evaluate,
  strings: ReadonlySet<unknown>,
  typed: readonly string[],
  found: boolean,
): Evaluate {
  return (context, locals) => {
    const one = value(context, locals);
    if (typeof one !== 'object' || one === null) return strings.has(one) === found;
    return typed.some((string) => equalsText(one, string)) === found;
  };
}

function isOne(value: Evaluate, string: string | undefined): Evaluate {
  return (context, locals) => value(context, locals) === string;
}

function isOther(value: Evaluate, string: string | undefined): Evaluate {
  return (context, locals) => value(context, locals) !== string;
}

function isOneOfFew(value: Evaluate, strings: readonly string[], found: boolean): Evaluate {
  // With fewer than four strings, the last one is compared again.
  const [first, second = first, third = second, fourth = third] = strings;
  return (context, locals) => {
    const one = value(context, locals);
    return (one === first || one === second || one === third || one === fourth) === found;
  };
}

function isInList(value: Evaluate, strings: readonly string[], found: boolean): Evaluate {
  return (context, locals) => {
    const one = value(context, locals);
    for (const string of strings) if (string === one) return found;
    return !found;
  };
}

function isInSet(value: Evaluate, strings: ReadonlySet<unknown>, found: boolean): Evaluate {
  return (context, locals) => strings.has(value(context, locals)) === found;
}
