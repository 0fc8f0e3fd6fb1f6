/** The interval in which a share lies, given a count. */
export interface ShareInterval {
  /** The lower end, [0, 1]. */
  readonly low: number;
  /** The upper end, [0, 1], not below `low`. */
  readonly high: number;
}

/** The number of standard deviations that contain 95 of 100 outcomes of a normal distribution. */
const DEVIATIONS = 1.959963984540054;

/**
 * Returns the interval of a share, of 95% by default, after E. B. Wilson, "Probable inference, the law of
 * succession, and statistical inference", Journal of the American Statistical Association 22
 * (1927). It never leaves [0, 1] and is valid for small counts too.
 *
 * @param count the number of units of interest, [0, total]
 * @param total the number of all units; if it is 0, the interval is [0, 1]
 * @param deviations the normal quantile of another confidence than 95%
 */
export function shareInterval(
  count: number,
  total: number,
  deviations = DEVIATIONS,
): ShareInterval {
  if (total <= 0) return { low: 0, high: 1 };
  const share = count / total;
  const square = deviations ** 2;
  const scale = 1 + square / total;
  const middle = (share + square / (2 * total)) / scale;
  const half =
    (deviations / scale) * Math.sqrt((share * (1 - share)) / total + square / (4 * total ** 2));
  // Rounding would leave a tiny remainder at the ends.
  return {
    low: count === 0 ? 0 : Math.max(0, middle - half),
    high: count === total ? 1 : Math.min(1, middle + half),
  };
}
