import { type ChiSquareTest, chiSquareTail, MIN_EXPECTED } from '../distributions/chi-square.ts';

/** A class with its count and its expected share. */
export interface Class {
  readonly count: number;
  /** The expected share, [0, 1]. The shares of all classes add up to 1. */
  readonly share: number;
}

/** Classes counted together, with their expected count. */
interface Pool {
  count: number;
  expected: number;
}

/**
 * Tests whether counts have the expected shares, by Pearson's test of goodness of fit. Classes with
 * an expected count below {@link MIN_EXPECTED} are pooled.
 *
 * @param inflation the factor, at least 1, by which the counts vary more than those of independent
 *   units: the design effect if units come in clusters. J. N. K. Rao, A. J. Scott, "On chi-squared
 *   tests for multiway contingency tables", Annals of Statistics 12 (1984)
 * @returns undefined if there is nothing to test: only one class, or too small a count
 */
export function goodnessOfFit(classes: readonly Class[], inflation = 1): ChiSquareTest | undefined {
  const total = classes.reduce((sum, { count }) => sum + count, 0);
  // A class with a share of 0 was counted, which is certain evidence.
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

/** Joins the smallest classes until each has a large enough expected count, or one is left. */
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
