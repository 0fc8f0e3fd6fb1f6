import type { HistoryLine } from '../../../planout/namespaces/history.ts';
import { quote } from '../../../errors/show-value.ts';
import type { RawNamespace } from '../../../specification/schema/namespace-shape.ts';
import { atOnce } from '../../../runtime/steps.ts';
import { specificationSteps } from '../../../specification/specification.ts';
import type { NamespaceSpec } from '../../../specification/types.ts';

/**
 * A namespace as the library would load it.
 *
 * @throws SpecError (`spec`) with every problem
 */
export function parseNamespace(raw: RawNamespace): NamespaceSpec {
  const origin = `namespace ${quote(raw.name)}`;
  const { namespaces } = atOnce(
    specificationSteps({ experiments: [], namespaces: [raw] }, { origin }),
  );
  const [namespace] = namespaces;
  if (namespace === undefined) throw new TypeError(`${origin} was lost`);
  return namespace;
}

/** The history of a namespace as it is stored, which the database has seen to be lines. */
export function linesOf({ history = [] }: RawNamespace): HistoryLine[] {
  return history.map(({ add, remove = '', segments = 0, experiment }) =>
    add === undefined ? { remove } : { add, segments, experiment: experiment ?? add },
  );
}
