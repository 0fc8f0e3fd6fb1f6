import { listNames, MAX_LISTED, quote } from '../../errors/show-value.ts';
import type { Alternative, RuleType, Scalar } from './types.ts';

/** One alternative in the words of the errors of evaluation: `a number`. */
export function describeAlternative({ kind }: Alternative): string {
  switch (kind) {
    case 'any':
      return 'anything';
    case 'none':
      return 'None';
    default:
      return `a ${kind}`;
  }
}

/** A type in plain words: `a string or None`, or its values where they are known. */
export function describeType(type: RuleType): string {
  const parts = type
    .filter((one) => !(one.kind === 'none' && one.absent))
    .map((one) =>
      'values' in one && one.values !== undefined && !isEither(one)
        ? valuesOf(one.values)
        : describeAlternative(one),
    );
  return parts.length === 0 ? 'nothing' : [...new Set(parts)].join(' or ');
}

/** True or False, which says no more than that it is a boolean. */
function isEither(one: Alternative): boolean {
  return one.kind === 'boolean' && one.values.size > 1;
}

function valuesOf(values: ReadonlySet<Scalar>): string {
  // The rest is only counted: a declared value may be one of thousands.
  return listNames(Array.from(values, (value, i) => (i < MAX_LISTED ? show(value) : '')));
}

function show(value: Scalar): string {
  if (typeof value === 'string') return quote(value);
  return typeof value === 'number' ? String(value) : value ? 'True' : 'False';
}
