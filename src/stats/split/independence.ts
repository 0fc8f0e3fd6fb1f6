import { type ChiSquareTest, chiSquareTail, MIN_EXPECTED } from '../distributions/chi-square.ts';

/** The counts of each pair of values of two features: a list of rows of equal length. */
export type CrossTable = readonly (readonly number[])[];

/** The result of a test of independence. */
export interface IndependenceTest extends ChiSquareTest {
  /**
   * Cramér's V, the strength of the association: 0 for none, 1 if one feature determines the other.
   * H. Cramér, "Mathematical Methods of Statistics" (1946), section 21.9.
   */
  readonly strength: number;
}

/** A table while it is being pooled. */
type Counts = number[][];

/**
 * Tests whether one feature's shares depend on the other inside any group, by Pearson's test of
 * independence. Differences between groups do not count. The statistics and degrees of freedom of
 * the groups are added, which is valid for independent tests. Rows and columns that are too rare
 * are pooled.
 *
 * @param groups a table for each group; one table if there are no groups
 * @param inflation the design effect, at least 1; see `goodnessOfFit`
 * @returns undefined if no group has anything to test: one row or column, or too small a count
 */
export function independence(
  groups: readonly CrossTable[],
  inflation = 1,
): IndependenceTest | undefined {
  let statistic = 0;
  let degrees = 0;
  let largest = 0;
  for (const group of groups) {
    const table = pooled(group, MIN_EXPECTED * inflation);
    const rows = table.length;
    const columns = table[0]?.length ?? 0;
    if (rows < 2 || columns < 2) continue;
    statistic += deviation(table);
    degrees += (rows - 1) * (columns - 1);
    // The statistic of a table in which one feature determines the other.
    largest += total(table) * (Math.min(rows, columns) - 1);
  }
  if (degrees === 0) return undefined;
  return {
    statistic: statistic / inflation,
    degrees,
    p: chiSquareTail(statistic / inflation, degrees),
    strength: Math.sqrt(Math.min(1, statistic / largest)),
  };
}

function deviation(table: Counts): number {
  const all = total(table);
  const columns = sums(transposed(table));
  let statistic = 0;
  for (const row of table) {
    const inRow = sum(row);
    for (const [j, count] of row.entries()) {
      const expected = (inRow * (columns[j] ?? 0)) / all;
      statistic += (count - expected) ** 2 / expected;
    }
  }
  return statistic;
}

/**
 * Returns the table without empty rows and columns. The rarest ones are joined until every cell has
 * a large enough expected count.
 */
function pooled(group: CrossTable, enough: number): Counts {
  let table = withoutEmpty(transposed(withoutEmpty(group.map((row) => [...row]))));
  table = transposed(table);
  for (;;) {
    const rows = sums(table);
    const columns = sums(transposed(table));
    const rarest = (Math.min(...rows) * Math.min(...columns)) / sum(rows);
    if (rows.length < 2 || columns.length < 2 || rarest >= enough) return table;
    // Joining on the longer side loses the least detail.
    table =
      rows.length >= columns.length ? joinRarest(table) : transposed(joinRarest(transposed(table)));
  }
}

function withoutEmpty(table: Counts): Counts {
  return table.filter((row) => row.some((count) => count > 0));
}

function joinRarest(table: Counts): Counts {
  const [first = [], second = [], ...others] = [...table].sort((a, b) => sum(a) - sum(b));
  return [first.map((count, j) => count + (second[j] ?? 0)), ...others];
}

function transposed(table: Counts): Counts {
  return (table[0] ?? []).map((_, j) => table.map((row) => row[j] ?? 0));
}

function sums(table: Counts): number[] {
  return table.map(sum);
}

function total(table: Counts): number {
  return sum(sums(table));
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
