import type { Moments } from './moments.ts';

/**
 * Returns the moments of units from their values, in two passes: variances of deviations from the mean,
 * which keep their digits where the mean is large.
 *
 * @param rows one row for each unit, with a value for each variable
 */
export function momentsOf(rows: readonly (readonly number[])[]): Moments {
  const n = rows.length;
  const variables = [...(rows[0] ?? []).keys()];
  const mean = (value: (row: readonly number[]) => number): number =>
    n === 0 ? 0 : rows.reduce((sum, row) => sum + value(row), 0) / n;
  const rough = variables.map((i) => mean((row) => row[i] ?? 0));
  const means = rough.map((center, i) => center + mean((row) => (row[i] ?? 0) - center));
  const deviation = (row: readonly number[], i: number): number => (row[i] ?? 0) - (means[i] ?? 0);
  return {
    n,
    means,
    covariances: variables.map((i) =>
      variables.map((j) =>
        n < 2 ? 0 : mean((row) => deviation(row, i) * deviation(row, j)) * (n / (n - 1)),
      ),
    ),
  };
}
