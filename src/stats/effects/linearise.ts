import type { Moments } from '../moments/moments.ts';

/**
 * Returns the moments of a ratio and of the same ratio before the exposure, each linearised by the delta
 * method. They can be adjusted like those of a mean, with `cupedRatioTheta()` and `cupedAdjust()`. A.
 * Deng, U. Knoblich, J. Lu, "Applying the delta method in metric analytics", KDD (2018).
 *
 * @param moments of the numerator, the denominator, and both before the exposure, in this order
 * @returns undefined if the denominator's sum is 0. Without a denominator before the exposure, that
 *   ratio is 0 and does not vary
 */
export function linearised({ n, means, covariances }: Moments): Moments | undefined {
  const [numerator = 0, denominator = 0, preNumerator = 0, preDenominator = 0] = means;
  if (denominator === 0) return undefined;
  const ratio = numerator / denominator;
  const pre = preDenominator === 0 ? 0 : preNumerator / preDenominator;
  const gradients = [
    [1 / denominator, -ratio / denominator, 0, 0],
    preDenominator === 0 ? [0, 0, 0, 0] : [0, 0, 1 / preDenominator, -pre / preDenominator],
  ];
  return {
    n,
    means: [ratio, pre],
    covariances: gradients.map((row) => gradients.map((column) => form(row, covariances, column))),
  };
}

/** Returns row · matrix · column. */
function form(
  row: readonly number[],
  matrix: readonly (readonly number[])[],
  column: readonly number[],
): number {
  let sum = 0;
  for (const [i, left] of row.entries()) {
    for (const [j, right] of column.entries()) {
      if (left !== 0 && right !== 0) sum += left * (matrix[i]?.[j] ?? 0) * right;
    }
  }
  return sum;
}
