/** The means, variances and covariances of some variables over the same units. */
export interface Moments {
  /** The number of units. */
  readonly n: number;
  /** One mean for each variable. */
  readonly means: readonly number[];
  /** The symmetric matrix of variances and covariances, divisor n − 1; zeros for fewer than two units. */
  readonly covariances: readonly (readonly number[])[];
}

/**
 * Returns the moments of two disjoint sets of units together. T. F. Chan, G. H. Golub, R. J. LeVeque,
 * "Updating formulae and a pairwise algorithm for computing sample variances", COMPSTAT (1982).
 *
 * @param a moments of as many variables as `b`
 */
export function addMoments(a: Moments, b: Moments): Moments {
  if (a.n === 0) return b;
  if (b.n === 0) return a;
  const n = a.n + b.n;
  const differences = b.means.map((mean, i) => mean - (a.means[i] ?? 0));
  const crossed = (a.n * b.n) / n;
  return {
    n,
    means: a.means.map((mean, i) => mean + ((differences[i] ?? 0) * b.n) / n),
    covariances: a.covariances.map((row, i) =>
      row.map((covariance, j) => {
        const other = b.covariances[i]?.[j] ?? 0;
        const between = crossed * (differences[i] ?? 0) * (differences[j] ?? 0);
        return (covariance * (a.n - 1) + other * (b.n - 1) + between) / (n - 1);
      }),
    ),
  };
}
