/** Between which shares a share lies, as far as a count can tell. */
export interface ShareInterval {
  /** [0, 1]. */
  readonly low: number;
  /** [0, 1], not below `low`. */
  readonly high: number;
}

/** How many standard deviations hold 95 of 100 outcomes of a normal distribution. */
const DEVIATIONS = 1.959963984540054;

/**
 * The 95% interval of a share, after E. B. Wilson, "Probable inference, the law of succession, and
 * statistical inference", Journal of the American Statistical Association 22 (1927): it never leaves
 * [0, 1], and holds for small counts too.
 *
 * @param count how many of them, [0, total]
 * @param total how many there are; where there are none, nothing is known: [0, 1]
 */
export function shareInterval(count: number, total: number): ShareInterval {
  if (total <= 0) return { low: 0, high: 1 };
  const share = count / total;
  const square = DEVIATIONS ** 2;
  const scale = 1 + square / total;
  const middle = (share + square / (2 * total)) / scale;
  const half =
    (DEVIATIONS / scale) * Math.sqrt((share * (1 - share)) / total + square / (4 * total ** 2));
  // At the ends rounding leaves a little of what is nothing.
  return {
    low: count === 0 ? 0 : Math.max(0, middle - half),
    high: count === total ? 1 : Math.min(1, middle + half),
  };
}
