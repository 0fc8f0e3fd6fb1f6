/*
 * Prints PlanOut's JSON as source text, with as few parentheses as the precedences allow. They are those of
 * the original grammar: `||`, `&&` and `??` bind loosest and equally tight, then comparisons, then `+` and
 * `-`, then `*`, `/` and `%`; all group from the left. `!` binds tightest.
 */

/** An operator of the JSON. */
type Node = Readonly<Record<string, unknown>> & { readonly op: string };

const LOGIC = 1;
const COMPARISON = 2;
const SUM = 3;
const PRODUCT = 4;
const PRIMARY = 5;

const INFIX: Readonly<Record<string, readonly [symbol: string, precedence: number]>> = {
  or: ['||', LOGIC],
  and: ['&&', LOGIC],
  coalesce: ['??', LOGIC],
  equals: ['==', COMPARISON],
  '<': ['<', COMPARISON],
  '<=': ['<=', COMPARISON],
  '>': ['>', COMPARISON],
  '>=': ['>=', COMPARISON],
  sum: ['+', SUM],
  product: ['*', PRODUCT],
  '/': ['/', PRODUCT],
  '%': ['%', PRODUCT],
};

/** Prints a script that the language can say. */
export function printScript({ seq }: { readonly seq: readonly unknown[] }): string {
  return seq.map(printStatement).join('\n');
}

function printStatement(part: unknown): string {
  const node = part as Node;
  if (node.op === 'set') return `${String(node['var'])} = ${print(node['value'], LOGIC)};`;
  if (node.op === 'return') return `return ${print(node['value'], LOGIC)};`;
  const clauses = node['cond'] as readonly { readonly if: unknown; readonly then: unknown }[];
  return clauses
    .map(({ if: condition, then }, i) =>
      // The compiler makes `else` a clause that is true.
      condition === true && i > 0 && i === clauses.length - 1
        ? `else ${print(then, PRIMARY)}`
        : `${i === 0 ? '' : 'else '}if (${print(condition, LOGIC)}) ${print(then, PRIMARY)}`,
    )
    .join(' ');
}

/** @param loosest the lowest precedence that needs no parentheses here */
function print(part: unknown, loosest: number): string {
  if (!isNode(part)) return printScalar(part);
  const infix = printInfix(part);
  if (infix === undefined) return printPrimary(part, loosest);
  const [text, precedence] = infix;
  return precedence < loosest ? `(${text})` : text;
}

function printInfix(node: Node): readonly [string, number] | undefined {
  const sides = sidesOf(node);
  const [symbol = '', precedence = 0] = INFIX[node.op] ?? [];
  if (node.op === 'not' && isNode(node['value']) && node['value'].op === 'equals') {
    return [printSides('!=', COMPARISON, sidesOf(node['value']) ?? []), COMPARISON];
  }
  if (sides === undefined || symbol === '') return undefined;
  const [left, right] = sides;
  if (node.op === 'sum' && isNode(right) && right.op === 'negative') {
    return [printSides('-', SUM, [left, right['value']]), SUM];
  }
  return [printSides(symbol, precedence, sides), precedence];
}

function printSides(symbol: string, precedence: number, [left, right]: readonly unknown[]): string {
  return `${print(left, precedence)} ${symbol} ${print(right, precedence + 1)}`;
}

/** Returns the two sides of an infix operator; undefined for a call. */
function sidesOf(node: Node): readonly unknown[] | undefined {
  if ('left' in node) return [node['left'], node['right']];
  const values = node['values'];
  return Array.isArray(values) && values.length === 2 && node.op in INFIX ? values : undefined;
}

function printPrimary(node: Node, loosest: number): string {
  const { op } = node;
  if (op === 'get') return String(node['var']);
  if (op === 'literal') return `@${printData(node['value'])}`;
  if (op === 'array') return `[${printAll(node['values'])}]`;
  if (op === 'seq') return `{ ${printScript(node as unknown as { seq: unknown[] })} }`;
  if (op === 'not') return `!${print(node['value'], PRIMARY)}`;
  if (op === 'negative') {
    // A sign takes everything up to the next `+`: `-a * b` is `-(a * b)`.
    const text = `-${print(node['value'], PRODUCT)}`;
    return loosest > SUM ? `(${text})` : text;
  }
  if (op === 'index') return `${printBase(node['base'])}[${print(node['index'], LOGIC)}]`;
  return `${op}(${printArguments(node)})`;
}

function printBase(base: unknown): string {
  const text = print(base, PRIMARY);
  return isNode(base) && ['not', 'literal'].includes(base.op) ? `(${text})` : text;
}

function printArguments(node: Node): string {
  const entries = Object.entries(node).filter(([name]) => name !== 'op');
  const [[name, value] = ['', undefined]] = entries;
  if (entries.length === 1 && name === 'value') return print(value, LOGIC);
  if (entries.length === 1 && name === 'values' && Array.isArray(value)) return printAll(value);
  return entries.map(([key, one]) => `${key}=${print(one, LOGIC)}`).join(', ');
}

const printAll = (values: unknown): string =>
  (values as readonly unknown[]).map((value) => print(value, LOGIC)).join(', ');

function printScalar(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
}

function printData(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printData).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return printScalar(value);
  const entries = Object.entries(value).map(([key, item]) => `'${key}': ${printData(item)}`);
  return `{${entries.join(', ')}}`;
}

function isNode(part: unknown): part is Node {
  return typeof part === 'object' && part !== null && 'op' in part;
}
