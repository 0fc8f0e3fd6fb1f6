import { isPlainObject } from '../python-text.ts';

/** The kind of a JSON value. */
export type ValueKind = 'string' | 'number' | 'boolean' | 'null' | 'list' | 'map';

/** The kinds of the results of operators whose arguments don't matter. */
const RESULTS: ReadonlyMap<unknown, ValueKind> = new Map([
  ...many('number', ['bernoulliTrial', 'randomInteger', 'randomFloat', 'sum', 'length']),
  ...many('number', ['%', '/', 'round', 'negative', 'exp', 'sqrt']),
  ...many('boolean', ['equals', '<', '<=', '>', '>=', 'not', 'and', 'or']),
  ...many('list', ['array', 'sample', 'fastSample', 'bernoulliFilter']),
  ...many('map', ['map']),
]);

/** The operators that return one of their choices. */
const CHOOSING: ReadonlySet<unknown> = new Set(['uniformChoice', 'weightedChoice']);

function many(kind: ValueKind, names: readonly string[]): [string, ValueKind][] {
  return names.map((name) => [name, kind]);
}

/** Returns the kind of a JSON value. */
export function kindOf(value: unknown): ValueKind {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'map';
  if (typeof value === 'string') return 'string';
  return typeof value === 'number' ? 'number' : 'boolean';
}

/**
 * Returns the kinds that a part of a script can evaluate to; undefined if they depend on values that are
 * known only when it runs.
 */
export function kindsOf(part: unknown): readonly ValueKind[] | undefined {
  if (!isPlainObject(part) || !Object.hasOwn(part, 'op')) return [kindOf(part)];
  const { op } = part;
  if (op === 'literal') return [kindOf(part['value'])];
  if (CHOOSING.has(op)) return kindsOfItems(part['choices']);
  if (op === 'product') return isSingle(part['values']) ? undefined : ['number'];
  const result = RESULTS.get(op);
  return result && [result];
}

/** Returns true if a list may have one item, whose product is the item, of any kind. */
function isSingle(list: unknown): boolean {
  return !Array.isArray(list) || list.length === 1;
}

/** Returns the kinds of the items of a list that the script contains. */
function kindsOfItems(list: unknown): readonly ValueKind[] | undefined {
  if (Array.isArray(list)) return allKinds(list.map(kindsOf));
  if (!isPlainObject(list)) return undefined;
  const { op } = list;
  if (op === 'array') return kindsOfItems(list['values']);
  const literal = op === 'literal' ? list['value'] : undefined;
  return Array.isArray(literal) ? allKinds(literal.map((item) => [kindOf(item)])) : undefined;
}

function allKinds(
  items: readonly (readonly ValueKind[] | undefined)[],
): readonly ValueKind[] | undefined {
  // Without choices, PlanOut draws an empty list.
  if (items.length === 0) return ['list'];
  const kinds = new Set<ValueKind>();
  for (const item of items) {
    if (item === undefined) return undefined;
    for (const kind of item) kinds.add(kind);
  }
  return [...kinds];
}
