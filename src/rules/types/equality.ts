import { convertCase } from '../letter-case.ts';
import { typedEquals } from './typed-text.ts';
import type { Alternative, RuleType, Scalar, StringType } from './types.ts';

/** Returns true if some value of one alternative matches some value of the other. */
type Meets = (left: Alternative, right: Alternative) => boolean;

/** Returns true if a value of one type can be equal (`==`) to a value of the other. */
export function canEqual(left: RuleType, right: RuleType): boolean {
  return meet(left, right, pairEquals);
}

/** Returns true if a value of one type can be the same (`is`) as a value of the other. */
export function canBeSame(left: RuleType, right: RuleType): boolean {
  return meet(left, right, (a, b) => {
    const sameKind = a.kind === b.kind || a.kind === 'any' || b.kind === 'any';
    return sameKind && pairEquals(a, b);
  });
}

/** Compares each pair of alternatives. An expression that is never reached matches anything. */
function meet(left: RuleType, right: RuleType, meets: Meets): boolean {
  if (left.length === 0 || right.length === 0) return true;
  return left.some((a) => right.some((b) => meets(a, b)));
}

/** Returns true if values of two alternatives can be equal. */
export function pairEquals(left: Alternative, right: Alternative): boolean {
  if (left.kind === 'any' || right.kind === 'any') return true;
  if (isNumeric(left) && isNumeric(right)) return overlap(left, right, Number);
  if (left.kind !== right.kind) return typedEquals(left, right) ?? false;
  if (left.kind === 'string' && right.kind === 'string') {
    return overlap(left, right, String) && sharesCase(left, right) && sharesCase(right, left);
  }
  if (left.kind === 'tuple' && right.kind === 'tuple') {
    const [a, b] = [left.parts, right.parts];
    if (a === undefined || b === undefined) return true;
    return a.length === b.length && a.every((part, i) => canEqual(part, b[i] ?? []));
  }
  return true;
}

function isNumeric({ kind }: Alternative): boolean {
  return kind === 'number' || kind === 'boolean';
}

function overlap(
  left: Alternative & { readonly values?: ReadonlySet<Scalar> },
  right: Alternative & { readonly values?: ReadonlySet<Scalar> },
  norm: (value: Scalar) => unknown,
): boolean {
  if (left.values === undefined || right.values === undefined) return true;
  const others = new Set(Array.from(right.values, norm));
  for (const value of left.values) if (others.has(norm(value))) return true;
  return false;
}

/** Returns true unless all letters of one text have a case that no value of the other has. */
function sharesCase({ letters }: StringType, { values }: StringType): boolean {
  if (letters === undefined || values === undefined) return true;
  return [...values].some((value) => convertCase(String(value), letters) === value);
}

/** Narrows a type to the values that can be equal to a value of another type. */
export function equalTo(type: RuleType, other: RuleType): RuleType {
  return type.flatMap((one): RuleType => {
    if (!other.some((two) => pairEquals(one, two))) return [];
    if (one.kind !== 'string' && one.kind !== 'number' && one.kind !== 'boolean') return [one];
    const values = scalarsEqualTo(one, other);
    return values === undefined ? [one] : [{ ...one, values }];
  });
}

/**
 * Returns the values that a scalar can have when it equals one of the others, or undefined if they
 * are not known.
 */
function scalarsEqualTo(
  one: Alternative & { readonly values?: ReadonlySet<Scalar> },
  other: RuleType,
): ReadonlySet<Scalar> | undefined {
  const values = new Set<Scalar>();
  for (const two of other) {
    if (!pairEquals(one, two)) continue;
    if (!('values' in two) || two.values === undefined) return one.values;
    for (const value of two.values) values.add(comparable(one, value));
  }
  if (one.values === undefined) return values;
  return new Set([...one.values].filter((value) => values.has(comparable(one, value))));
}

/** Returns a form of the value that is the same for equal values: 1 and True are equal. */
function comparable({ kind }: Alternative, value: Scalar): Scalar {
  return kind === 'string' ? value : Number(value);
}

function hasValues(one: Alternative): boolean {
  return 'values' in one && one.values !== undefined;
}

/** Returns the values of a scalar, if they are known. */
function comparablesOf(one: Alternative): Scalar[] {
  if (!('values' in one) || one.values === undefined) return [];
  return Array.from(one.values, (value) => comparable(one, value));
}

/** Narrows a type to the values that differ from each of these values. */
export function unequalTo(type: RuleType, values: readonly RuleType[]): RuleType {
  // Types without known values, such as long whole numbers, exclude nothing.
  const singles = values.flat().filter((one) => one.kind === 'none' || hasValues(one));
  const excluded = new Set(singles.flatMap(comparablesOf));
  return type.flatMap((one): RuleType => {
    if (one.kind === 'none') return singles.some(({ kind }) => kind === 'none') ? [] : [one];
    if (!('values' in one) || one.values === undefined) return [one];
    const left = [...one.values].filter((value) => !excluded.has(comparable(one, value)));
    return left.length === 0 ? [] : [{ ...one, values: new Set(left) }];
  });
}
