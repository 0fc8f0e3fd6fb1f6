import type { CompiledNamespace } from '../../assignment/compiled-namespace.ts';
import type { HistoryLine } from '../../planout/namespaces/history.ts';
import type { Visit } from '../frame/visit.ts';

/** The most namespaces on one page. */
const MAX_LISTED = 50;

/** The most segments that are drawn one by one. */
const MAX_DRAWN = 10_000;

/** An experiment of a namespace with its segments. */
export interface NamespaceShare {
  /** The name in the namespace, which is part of the salt. */
  readonly name: string;
  /** The name of its definition. */
  readonly experiment: string;
  readonly segments: number;
}

/** A namespace on the page. */
export interface NamespaceRow {
  readonly name: string;
  readonly description?: string;
  readonly owner?: string;
  /** The context paths that form the unit. */
  readonly unit: readonly string[];
  readonly segments: number;
  readonly free: number;
  /** The running experiments, in the order in which they were added. */
  readonly running: readonly NamespaceShare[];
  /** The additions and removals, the latest first. */
  readonly history: readonly HistoryLine[];
  /**
   * For each segment the position in `running` of the experiment that has it, -1 for none. Only for the
   * namespace that the query `map` names, and up to 10,000 segments.
   */
  readonly map?: readonly number[];
}

/** The data of the page "Namespaces". */
export interface NamespacesData {
  readonly namespaces: readonly NamespaceRow[];
  /** The number of namespaces that are not listed. */
  readonly left: number;
}

/** Lists the namespaces in force with their segments. */
export function namespacesData({ snapshot, query }: Visit): NamespacesData {
  const all = [...snapshot.setup.namespaces.values()];
  const drawn = query.get('map');
  return {
    namespaces: all.slice(0, MAX_LISTED).map((one) => rowOf(one, one.spec.name === drawn)),
    left: Math.max(0, all.length - MAX_LISTED),
  };
}

function rowOf({ spec, table, added }: CompiledNamespace, isDrawn: boolean): NamespaceRow {
  const { name, description, owner, unit, segments, history } = spec;
  const counts = new Map<number, number>();
  for (const number of table) counts.set(number, (counts.get(number) ?? 0) + 1);
  const numbers = [...counts.keys()].filter((number) => number > 0).toSorted((a, b) => a - b);
  const positions = new Map(numbers.map((number, position) => [number, position]));
  return {
    name,
    ...(description !== undefined && { description }),
    ...(owner !== undefined && { owner }),
    unit,
    segments,
    free: counts.get(0) ?? 0,
    running: numbers.map((number) => ({
      name: added[number]?.name ?? '',
      experiment: added[number]?.spec.name ?? '',
      segments: counts.get(number) ?? 0,
    })),
    history: history.toReversed(),
    ...(isDrawn &&
      segments <= MAX_DRAWN && { map: Array.from(table, (number) => positions.get(number) ?? -1) }),
  };
}
