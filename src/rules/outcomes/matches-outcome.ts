import type { OutcomeComparison, OutcomeLiteral, OutcomeRule } from './outcome-rule.ts';

/**
 * Returns true if the properties of an outcome match a rule. It is the reference for the conditions in
 * SQL. Takes any properties; those that are not an object have no property.
 */
export function matchesOutcome(rule: OutcomeRule, properties: unknown): boolean {
  switch (rule.kind) {
    case 'and':
      return rule.rules.every((one) => matchesOutcome(one, properties));
    case 'or':
      return rule.rules.some((one) => matchesOutcome(one, properties));
    case 'not':
      return !matchesOutcome(rule.rule, properties);
    case 'in': {
      const value = propertyAt(properties, rule.path);
      return rule.literals.some((literal) => isEqual(value, literal));
    }
    case 'compare':
      return matchesComparison(rule, propertyAt(properties, rule.path));
  }
}

/**
 * Returns the value at a path of an outcome's properties, such as `order.total`: of nested objects only,
 * not of lists. A value that is missing is null.
 */
export function propertyAt(properties: unknown, path: string): unknown {
  let value = properties;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    value = Object.hasOwn(value, name) ? Reflect.get(value, name) : null;
  }
  return value ?? null;
}

function isEqual(value: unknown, literal: OutcomeLiteral): boolean {
  return value === literal;
}

function matchesComparison({ operator, literal }: OutcomeComparison, value: unknown): boolean {
  if (operator === '==') return isEqual(value, literal);
  const difference = differenceOf(value, literal);
  switch (operator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}

/** Returns a number with the sign of the order, or NaN for values without an order. */
function differenceOf(value: unknown, literal: OutcomeLiteral): number {
  if (typeof value === 'number' && typeof literal === 'number') {
    return value === literal ? 0 : value - literal;
  }
  return typeof value === 'string' && typeof literal === 'string'
    ? compareText(value, literal)
    : Number.NaN;
}

/** Orders texts by code points, as databases do with the bytes of UTF-8. */
function compareText(left: string, right: string): number {
  let i = 0;
  while (i < left.length && left.charCodeAt(i) === right.charCodeAt(i)) i++;
  // Between the halves of a pair, the first halves are equal and the second ones decide.
  return (left.codePointAt(i) ?? -1) - (right.codePointAt(i) ?? -1);
}
