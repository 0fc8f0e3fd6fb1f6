import { type CrossTable, independence } from '../../../stats/split/independence.ts';
import type { Assigner } from '../plan/assigner.ts';
import { sharedPath } from '../plan/pairs.ts';
import type { Tested } from './tested.ts';
import { isSameIdentity } from '../../../specification/identity-paths.ts';
import { RANDOM_IDENTITY } from '../../../specification/reserved-identities.ts';

/**
 * The reason in the specification why two experiments are dependent. `same-seed-and-path`: a list of
 * identities has a path of the other experiment.
 */
export type DependenceReason = 'same-seed-and-identity' | 'same-seed-and-path' | 'same-seed';

/** The test of a pair. */
export interface PairTest extends Tested {
  /** Cramér's V, [0, 1]. */
  readonly strength: number;
}

/** The result for two experiments. */
export interface PairSummary {
  readonly a: string;
  readonly b: string;
  /** The declared variants of `a`, the rows of the table. */
  readonly rows: readonly string[];
  /** The declared variants of `b`, the columns. */
  readonly columns: readonly string[];
  /** The number of units with each pair of variants. */
  readonly counts: CrossTable;
  /**
   * Absent if there is nothing to test: no units, or too few, that both experiments split between
   * variants. Tested within audiences, because different shares in different audiences are not a
   * dependence.
   */
  readonly test?: PairTest;
  readonly verdict: 'independent' | 'dependent' | 'untested';
  /** The reason in the specification; absent if there is none. */
  readonly reason?: DependenceReason;
  /** The path by which both may decide, for the reason `same-seed-and-path`. */
  readonly path?: string;
}

/**
 * Computes the cross-table of a pair and its test, not yet corrected for the number of tests.
 *
 * @param counts a row for each cell of `a`
 * @param undecided the number of units that failed in one of the two
 * @param inflation the design effect; undefined if it is unknown, which makes a test impossible
 */
export function summarizePair(
  a: Assigner,
  b: Assigner,
  counts: Uint32Array,
  undecided: number,
  inflation: number | undefined,
): PairSummary {
  const rows = variantsOf(a);
  const columns = variantsOf(b);
  const test = inflation === undefined ? undefined : independence(groups(a, b, counts), inflation);
  const { reason, path } = sharedSeed(a, b);
  return {
    a: a.experiment.name,
    b: b.experiment.name,
    rows,
    columns,
    counts: tableBy(a, b, counts, rows, columns),
    ...(test !== undefined && { test: { ...test, corrected: test.p } }),
    // Without counts, the specification alone proves the dependence.
    verdict:
      reason === 'same-seed-and-path' ||
      (test === undefined && undecided > 0 && reason === 'same-seed-and-identity')
        ? 'dependent'
        : 'untested',
    ...(reason !== undefined && { reason }),
    ...(path !== undefined && { path }),
  };
}

/**
 * Returns true if the specification proves the dependence, although these units may not show it: those
 * with all identities are decided by the first ones, and not by a later one that is shared.
 */
export function isProven({ reason }: PairSummary): boolean {
  return reason === 'same-seed-and-path';
}

function sharedSeed(a: Assigner, b: Assigner): { reason?: DependenceReason; path?: string } {
  const [one, other] = [a.experiment.spec, b.experiment.spec];
  // A random identity is drawn separately for each experiment.
  if (one.identity === RANDOM_IDENTITY || other.identity === RANDOM_IDENTITY) return {};
  if (one.seed !== other.seed) return {};
  if (isSameIdentity(one.identity, other.identity)) return { reason: 'same-seed-and-identity' };
  const path = sharedPath(a, b);
  return path === undefined ? { reason: 'same-seed' } : { reason: 'same-seed-and-path', path };
}

function variantsOf({ experiment }: Assigner): string[] {
  return experiment.spec.variants.map(({ name }) => name);
}

/** Adds up the counts by variants, over all audiences. */
function tableBy(
  a: Assigner,
  b: Assigner,
  counts: Uint32Array,
  rows: readonly string[],
  columns: readonly string[],
): number[][] {
  const table = rows.map(() => columns.map(() => 0));
  for (const [i, { variant }] of a.cells.entries()) {
    const row = table[rows.indexOf(variant)];
    for (const [j, cell] of b.cells.entries()) {
      const column = columns.indexOf(cell.variant);
      if (row !== undefined)
        row[column] = (row[column] ?? 0) + (counts[i * b.cells.length + j] ?? 0);
    }
  }
  return table;
}

/** Returns a table for each pair of audiences; within a table, only buckets decide. */
function groups(a: Assigner, b: Assigner, counts: Uint32Array): number[][][] {
  const tables = new Map<string, Map<number, number[]>>();
  for (const [i, row] of a.cells.entries()) {
    for (const [j, column] of b.cells.entries()) {
      const key = `${row.audience} ${column.audience}`;
      const table = tables.get(key) ?? new Map<number, number[]>();
      tables.set(key, table);
      const line = table.get(i) ?? [];
      table.set(i, line);
      line.push(counts[i * b.cells.length + j] ?? 0);
    }
  }
  return [...tables.values()].map((table) => [...table.values()]);
}
