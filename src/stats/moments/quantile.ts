/** The number of standard errors between a quantile and its bounds: 95%. */
export const QUANTILE_DEVIATIONS = 1.959963984540054;

/** Two shares between 0 and 1. */
export interface Shares {
  readonly low: number;
  readonly high: number;
}

/**
 * Returns a quantile by linear interpolation, as SQL's `PERCENTILE_CONT`: type 7 of R. J. Hyndman, Y.
 * Fan, "Sample quantiles in statistical packages", American Statistician 50 (1996).
 *
 * @param ascending values in ascending order
 * @param share between 0 and 1
 * @returns undefined without values
 */
export function quantileOf(ascending: readonly number[], share: number): number | undefined {
  const position = share * (ascending.length - 1);
  const index = Math.floor(position);
  const below = ascending[index];
  if (below === undefined) return undefined;
  const above = ascending[index + 1];
  // Weights instead of a difference, which could overflow.
  const part = position - index;
  return above === undefined || part === 0 ? below : below * (1 - part) + above * part;
}

/**
 * Returns the shares whose quantiles bound the quantile of `share`, by the normal approximation of its
 * rank. A. Deng, U. Knoblich, J. Lu, "Applying the delta method in metric analytics", KDD (2018).
 *
 * @returns undefined if a bound leaves (0, 1): there are too few values
 */
export function boundShares(
  n: number,
  share: number,
  deviations = QUANTILE_DEVIATIONS,
): Shares | undefined {
  if (!(n > 0)) return undefined;
  const half = deviations * Math.sqrt((share * (1 - share)) / n);
  const shares = { low: share - half, high: share + half };
  return shares.low > 0 && shares.high < 1 ? shares : undefined;
}
