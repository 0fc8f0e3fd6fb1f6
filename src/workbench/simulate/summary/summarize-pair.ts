import { RANDOM_IDENTITY } from '../../../assignment/experiment.ts';
import { type CrossTable, independence } from '../../../stats/independence.ts';
import type { Assigner } from '../plan/assigner.ts';
import { bucketKey } from '../plan/pairs.ts';
import type { Tested } from './tested.ts';

/** Why two experiments depend on each other, as far as the specification tells. */
export type DependenceReason = 'same-seed-and-identity' | 'same-seed';

/** The test of a pair. */
export interface PairTest extends Tested {
  /** Cramér's V, [0, 1]. */
  readonly strength: number;
}

/** Two experiments, and who has which variants of both. */
export interface PairSummary {
  readonly a: string;
  readonly b: string;
  /** The declared variants of `a`, the rows of the table. */
  readonly rows: readonly string[];
  /** The declared variants of `b`, the columns. */
  readonly columns: readonly string[];
  /** How many units have each pair of variants. */
  readonly counts: CrossTable;
  /**
   * Absent where there is nothing to test: no units that both deal to several variants, or too few.
   * Tested within the audiences: that one audience has other shares than another is no dependence.
   */
  readonly test?: PairTest;
  readonly verdict: 'independent' | 'dependent' | 'untested';
  /** What the specification says about it; absent where it says nothing. */
  readonly reason?: DependenceReason;
}

/**
 * The cross-table of a pair, and its test, not yet corrected for the number of tests.
 *
 * @param counts a row for each cell of `a`
 * @param undecided how many units failed in one or the other
 * @param inflation the design effect; undefined where it is not known, and nothing can be tested
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
  const reason = sharedSeed(a, b);
  return {
    a: a.experiment.name,
    b: b.experiment.name,
    rows,
    columns,
    counts: tableBy(a, b, counts, rows, columns),
    ...(test !== undefined && { test: { ...test, corrected: test.p } }),
    // Nothing could be counted, but what the specification says is enough.
    verdict:
      test === undefined && undecided > 0 && reason === 'same-seed-and-identity'
        ? 'dependent'
        : 'untested',
    ...(reason !== undefined && { reason }),
  };
}

function sharedSeed(a: Assigner, b: Assigner): DependenceReason | undefined {
  const [one, other] = [a.experiment.spec, b.experiment.spec];
  // Draws are made anew for each experiment.
  if (one.identity === RANDOM_IDENTITY || other.identity === RANDOM_IDENTITY) return undefined;
  if (bucketKey(a) === bucketKey(b)) return 'same-seed-and-identity';
  return one.seed === other.seed ? 'same-seed' : undefined;
}

function variantsOf({ experiment }: Assigner): string[] {
  return experiment.spec.variants.map(({ name }) => name);
}

/** All units by their variants, whatever their audiences. */
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

/** A table for each pair of audiences: inside, only the buckets deal. */
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
