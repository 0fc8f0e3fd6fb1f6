import { type ChiSquareTest, chiSquareTail, MIN_EXPECTED } from './chi-square.ts';

/** One class of things: how many were counted, and the share they should have. */
export interface Class {
  readonly count: number;
  /** [0, 1]; the shares of all classes add up to 1. */
  readonly share: number;
}

/** Classes taken together, with the count that was expected. */
interface Pool {
  count: number;
  expected: number;
}

/**
 * Pearson's test of goodness of fit: whether counts have the shares they should have. Classes of
 * which fewer than {@link MIN_EXPECTED} were expected are pooled.
 *
 * @param inflation by how much the counts vary more than those of independent units, at least 1:
 *   the design effect where units come in clusters. J. N. K. Rao, A. J. Scott, "On chi-squared tests
 *   for multiway contingency tables", Annals of Statistics 12 (1984)
 * @returns undefined where there is nothing to test: one class, or too few counted
 */
export function goodnessOfFit(classes: readonly Class[], inflation = 1): ChiSquareTest | undefined {
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  // What should never happen has happened; no distribution is needed to say so.
  if (classes.some(({ count, share }) => share === 0 && count > 0)) {
    return { statistic: Number.POSITIVE_INFINITY, degrees: 1, p: 0 };
  }
  const pools = pool(
    classes
      .filter(({ share }) => share > 0)
      .map(({ count, share }) => ({ count, expected: share * total })),
    MIN_EXPECTED * inflation,
  );
  const degrees = pools.length - 1;
  if (degrees < 1) return undefined;
  const sum = pools.reduce(
    (statistic, { count, expected }) => statistic + (count - expected) ** 2 / expected,
    0,
  );
  const statistic = sum / inflation;
  return { statistic, degrees, p: chiSquareTail(statistic, degrees) };
}

/** Joins the smallest classes until each is expected often enough, or only one is left. */
function pool(classes: readonly Pool[], enough: number): Pool[] {
  const pools = [...classes].sort((a, b) => a.expected - b.expected);
  while (pools.length > 1 && (pools[0]?.expected ?? 0) < enough) {
    const smallest = pools.shift();
    const next = pools[0];
    if (smallest === undefined || next === undefined) break;
    next.count += smallest.count;
    next.expected += smallest.expected;
    pools.sort((a, b) => a.expected - b.expected);
  }
  return pools;
}
