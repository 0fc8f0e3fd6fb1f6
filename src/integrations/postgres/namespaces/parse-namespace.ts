import type { HistoryLine } from '../../../planout/namespaces/history.ts';
import type { OperatorSet } from '../../../planout/operator-set.ts';
import { quote } from '../../../errors/show-value.ts';
import type { RawNamespace } from '../../../specification/schema/namespace-shape.ts';
import { atOnce } from '../../../runtime/steps.ts';
import { specificationSteps } from '../../../specification/specification.ts';
import type { NamespaceSpec } from '../../../specification/types.ts';

/**
 * Parses a namespace in the same way as the library loads it.
 *
 * @param operators the operators that scripts may call besides PlanOut's own
 * @throws SpecError (`spec`), which lists every problem
 */
export function parseNamespace(
  raw: RawNamespace,
  operators: OperatorSet | undefined,
): NamespaceSpec {
  const origin = `namespace ${quote(raw.name)}`;
  const { namespaces } = atOnce(
    specificationSteps({ experiments: [], namespaces: [raw] }, { origin, operators }),
  );
  const [namespace] = namespaces;
  if (namespace === undefined) throw new TypeError(`${origin} is missing after parsing`);
  return namespace;
}

/** Returns the stored history of a namespace; constraints of the database guarantee its form. */
export function linesOf({ history = [] }: RawNamespace): HistoryLine[] {
  return history.map(({ add, remove = '', segments = 0, experiment }) =>
    add === undefined ? { remove } : { add, segments, experiment: experiment ?? add },
  );
}
