import type { Split } from '../../exposures/split-watch/watched-audience.ts';
import type { Visit } from '../frame/visit.ts';
import { type ExperimentRow, experimentRows, type ExperimentState, STATES } from './rows.ts';

/** An experiment in the list, with the split of this process. */
export interface ListedExperiment extends ExperimentRow {
  /** One for each audience; empty if no exposure is counted. */
  readonly splits: readonly Split[];
}

/** The data of the page "Experiments". */
export interface ExperimentsData {
  /** The experiments of this page. */
  readonly experiments: readonly ListedExperiment[];
  /** The number of experiments that match, and the positions of this page among them, from 0. */
  readonly found: number;
  readonly from: number;
  /** The number of all experiments, and of those in each state. */
  readonly total: number;
  readonly counts: Readonly<Record<ExperimentState, number>>;
  readonly owners: readonly string[];
  readonly search: string;
  readonly owner: string;
  /** The chosen state; empty for all. */
  readonly state: string;
}

/** Filters the experiments by the query `q`, `owner` and `state`, from the position `from`. */
export function experimentsData(visit: Visit): ExperimentsData {
  const { query, board } = visit;
  const rows = experimentRows(visit);
  const [search, owner, state] = ['q', 'owner', 'state'].map((name) => query.get(name) ?? '');
  const words = (search ?? '').trim().toLowerCase();
  const matching = rows.filter(
    (row) =>
      (owner === '' || row.owner === owner) &&
      (state === '' || row.state === state) &&
      (words === '' || textOf(row).includes(words)),
  );
  const asked = Number(query.get('from') ?? 0);
  const from = Number.isSafeInteger(asked) && asked > 0 && asked < matching.length ? asked : 0;
  return {
    experiments: matching
      .slice(from, from + board.pageSize)
      .map((row) => ({ ...row, splits: board.results.liveSplitsOf(row.name) })),
    found: matching.length,
    from,
    total: rows.length,
    counts: countsOf(rows),
    owners: [...new Set(rows.flatMap((row) => row.owner ?? []))].toSorted(),
    search: search ?? '',
    owner: owner ?? '',
    state: state ?? '',
  };
}

function textOf({ name, description = '', owner = '' }: ExperimentRow): string {
  return `${name} ${description} ${owner}`.toLowerCase();
}

function countsOf(rows: readonly ExperimentRow[]): Record<ExperimentState, number> {
  const counts = Object.fromEntries(STATES.map((state) => [state, 0])) as Record<
    ExperimentState,
    number
  >;
  for (const { state } of rows) counts[state]++;
  return counts;
}
