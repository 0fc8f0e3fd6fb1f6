import { isObject } from '../../../options/check-options.ts';
import { OptionError } from '../../../errors/usage-errors.ts';
import { member } from '../../../json/own.ts';
import type { RawEntry } from '../../../specification/schema/shape.ts';
import { atOnce } from '../../../runtime/steps.ts';
import { specificationSteps } from '../../../specification/specification.ts';

/** The experiments and the context that a call of `put()` writes. */
export interface Put {
  readonly experiments: readonly { readonly name: string; readonly entry: unknown }[];
  /** The declared context; undefined where there is none. */
  readonly context: unknown;
}

/**
 * Reads what shall be put: a whole specification, a list, or one experiment.
 *
 * @throws SpecError (`spec`) where it is wrong in itself; whether it fits the rest is not looked at
 * @throws OptionError (`option`) where it has namespaces
 */
export function readPut(specification: unknown): Put {
  const isOne =
    typeof specification === 'string' ||
    (isObject(specification) && !Object.hasOwn(specification, 'experiments'));
  const data = isOne ? [specification] : specification;
  if (member(data, 'namespaces') !== undefined) {
    throw new OptionError(
      'namespaces are not put with experiments: their histories are made in the database',
    );
  }
  const { experiments } = atOnce(specificationSteps(data, { origin: 'what shall be put' }));
  const list: unknown = Array.isArray(data) ? data : member(data, 'experiments');
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  return {
    experiments: experiments.map(({ name }, i) => ({ name, entry: entries[i] })),
    context: Array.isArray(data) ? undefined : member(data, 'context'),
  };
}

/**
 * An entry that is in the table, in its type.
 *
 * @throws SpecError (`spec`) where it was written behind our back and is bad
 */
export function entryOf(name: string, specification: unknown): RawEntry {
  atOnce(specificationSteps([specification], { origin: `experiment ${name}` }));
  return specification as RawEntry;
}
