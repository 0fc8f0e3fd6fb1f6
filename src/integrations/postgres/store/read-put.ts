import { isObject } from '../../../options/check-options.ts';
import { OptionError } from '../../../errors/usage-errors.ts';
import { member } from '../../../json/own.ts';
import type { RawEntry } from '../../../specification/schema/shape.ts';
import { atOnce } from '../../../runtime/steps.ts';
import { specificationSteps } from '../../../specification/specification.ts';

/** The experiments and the context that a call of `put()` writes. */
export interface Put {
  readonly experiments: readonly { readonly name: string; readonly entry: unknown }[];
  /** The declared context; undefined if none is given. */
  readonly context: unknown;
}

/**
 * Reads the argument of `put()`: a whole specification, a list of experiments, or one experiment.
 *
 * @throws SpecError (`spec`) if it is invalid by itself; the experiments in the database are not
 *   considered
 * @throws OptionError (`option`) if it has namespaces, segments, holdouts or metrics
 */
export function readPut(specification: unknown): Put {
  const isOne =
    typeof specification === 'string' ||
    (isObject(specification) && !Object.hasOwn(specification, 'experiments'));
  const data = isOne ? [specification] : specification;
  if (member(data, 'namespaces') !== undefined) {
    throw new OptionError(
      'namespaces cannot be put together with experiments; change them with createPostgresNamespaces()',
    );
  }
  if (member(data, 'segments') !== undefined) {
    throw new OptionError(
      'the database has no place for segments; write their rules into the rules of the experiments, or keep them in a file',
    );
  }
  if (member(data, 'holdouts') !== undefined) {
    throw new OptionError('the database has no place for holdouts; keep them in a file');
  }
  if (member(data, 'metrics') !== undefined) {
    throw new OptionError(
      'the database has no place for metrics; keep them in a file, together with the "analysis" of each experiment',
    );
  }
  const { experiments } = atOnce(specificationSteps(data, { origin: 'the specification to put' }));
  const list: unknown = Array.isArray(data) ? data : member(data, 'experiments');
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  return {
    experiments: experiments.map(({ name }, i) => ({ name, entry: entries[i] })),
    context: Array.isArray(data) ? undefined : member(data, 'context'),
  };
}

/**
 * Validates an entry from the table.
 *
 * @throws SpecError (`spec`) if another program has written an invalid entry
 */
export function entryOf(name: string, specification: unknown): RawEntry {
  atOnce(specificationSteps([specification], { origin: `experiment ${name}` }));
  return specification as RawEntry;
}
