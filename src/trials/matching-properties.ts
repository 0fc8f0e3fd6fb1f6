import { matchesOutcome } from '../rules/outcomes/matches-outcome.ts';
import type { OutcomeLiteral, OutcomeRule } from '../rules/outcomes/outcome-rule.ts';
import type { JsonValue } from '../json/value.ts';

/** The most combinations of values that are tried. */
const MAX_TRIES = 20_000;

/** Properties of an outcome, as nested objects. */
export type Properties = Readonly<Record<string, JsonValue>>;

/**
 * Finds properties that match a rule, by trying values near the rule's literals.
 *
 * @param fixed values by path that the properties must have
 * @returns undefined if none of the tried combinations matches
 */
export function matchingProperties(
  rule: OutcomeRule,
  fixed: ReadonlyMap<string, JsonValue>,
): Properties | undefined {
  const candidates = new Map<string, Set<OutcomeLiteral>>();
  collect(rule, candidates);
  for (const path of fixed.keys()) candidates.delete(path);
  const paths = [...candidates].map(([path, values]) => ({ path, values: [...values] }));
  for (let attempt = 0; attempt < MAX_TRIES; attempt++) {
    const values = combination(paths, attempt);
    if (values === undefined) return undefined;
    const properties = withValues({}, [...fixed, ...values]);
    if (matchesOutcome(rule, properties)) return properties;
  }
  return undefined;
}

/** Returns a copy of properties with values at paths, such as `order.total`. A null is left out. */
export function withValues(
  properties: Properties,
  values: Iterable<readonly [path: string, value: JsonValue]>,
): Properties {
  // Only the objects along the paths are copied: a simulation makes millions of outcomes.
  const copy: Record<string, JsonValue> = { ...properties };
  for (const [path, value] of values) {
    if (value === null) continue;
    const names = path.split('.');
    const last = names.pop() ?? path;
    let holder = copy;
    for (const name of names) holder = childOf(holder, name);
    define(holder, last, value);
  }
  return copy;
}

function childOf(holder: Record<string, JsonValue>, name: string): Record<string, JsonValue> {
  const known = Object.hasOwn(holder, name) ? holder[name] : undefined;
  const child: Record<string, JsonValue> = {};
  if (typeof known === 'object' && known !== null && !Array.isArray(known)) {
    Object.assign(child, known);
  }
  define(holder, name, child);
  return child;
}

/** Defines an own property, even if its name is `__proto__`. */
function define(holder: object, name: string, value: JsonValue): void {
  Object.defineProperty(holder, name, {
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}

/** Collects the values that may decide the rule's comparisons, by path. */
function collect(rule: OutcomeRule, candidates: Map<string, Set<OutcomeLiteral>>): void {
  switch (rule.kind) {
    case 'and':
    case 'or':
      for (const one of rule.rules) collect(one, candidates);
      break;
    case 'not':
      collect(rule.rule, candidates);
      break;
    case 'in':
      add(rule.path, rule.literals, candidates);
      break;
    case 'compare':
      add(rule.path, [rule.literal], candidates);
  }
}

function add(
  path: string,
  literals: readonly OutcomeLiteral[],
  candidates: Map<string, Set<OutcomeLiteral>>,
): void {
  const values = candidates.get(path) ?? new Set<OutcomeLiteral>([null]);
  for (const value of literals.flatMap(near)) values.add(value);
  candidates.set(path, values);
}

function near(literal: OutcomeLiteral): readonly OutcomeLiteral[] {
  switch (typeof literal) {
    case 'number':
      return [literal, literal + 1, literal - 1];
    case 'string':
      return [literal, `${literal}~`, ''];
    case 'boolean':
      return [literal, !literal];
    default:
      return [null, 'other'];
  }
}

/** Returns the combination of this number; undefined after the last one. */
function combination(
  paths: readonly { readonly path: string; readonly values: readonly OutcomeLiteral[] }[],
  number: number,
): [string, OutcomeLiteral][] | undefined {
  let rest = number;
  const values = paths.map(({ path, values: all }): [string, OutcomeLiteral] => {
    const value = all[rest % all.length] ?? null;
    rest = Math.floor(rest / all.length);
    return [path, value];
  });
  return rest > 0 ? undefined : values;
}
