import { listNames, MAX_LISTED, quote } from '../../errors/show-value.ts';
import type { Alternative, RuleType, Scalar } from './types.ts';

/** Describes an alternative in the words of evaluation errors: `a number`. */
export function describeAlternative({ kind }: Alternative): string {
  switch (kind) {
    case 'any':
      return 'anything';
    case 'none':
      return 'None';
    case 'dict':
      return 'an object';
    default:
      return `a ${kind}`;
  }
}

/** Describes a type: `a string or None`, or its values if they are known. */
export function describeType(type: RuleType): string {
  const parts = type
    .filter((one) => !(one.kind === 'none' && one.absent))
    .map((one) =>
      'values' in one && one.values !== undefined && !isEither(one)
        ? valuesOf(one.values)
        : describeAlternative(one) + caseOf(one),
    );
  return parts.length === 0 ? 'nothing' : [...new Set(parts)].join(' or ');
}

function caseOf(one: Alternative): string {
  return one.kind === 'string' && one.letters !== undefined ? ` in ${one.letters} case` : '';
}

/** Returns true if a boolean may be True or False, so that listing both would say nothing. */
function isEither(one: Alternative): boolean {
  return one.kind === 'boolean' && one.values.size > 1;
}

function valuesOf(values: ReadonlySet<Scalar>): string {
  // Values beyond the limit are only counted: an enumeration may have thousands.
  return listNames(Array.from(values, (value, i) => (i < MAX_LISTED ? show(value) : '')));
}

function show(value: Scalar): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' ? String(value) : value ? 'True' : 'False';
}
