import gammainc from '@stdlib/math-base-special-gammainc';

/** The result of a chi-square test. */
export interface ChiSquareTest {
  /** The distance between the counts and the expected counts; 0 if they are equal. */
  readonly statistic: number;
  /** Degrees of freedom, at least 1. */
  readonly degrees: number;
  /** The probability that chance alone gives a statistic at least as large: [0, 1]. */
  readonly p: number;
}

/**
 * The smallest expected count for which the chi-square distribution describes a cell. Smaller cells
 * are pooled. This is the usual rule, after W. G. Cochran, "Some methods for strengthening the
 * common χ² tests", Biometrics 10 (1954).
 */
export const MIN_EXPECTED = 5;

/**
 * The largest statistic and degrees of freedom for the library's incomplete gamma function. Up to a
 * statistic of 2000 it is right to twelve digits. Beyond, it uses an asymptotic series that is
 * wrong by up to 0.04 if the statistic is close to the degrees of freedom.
 */
const MAX_STATISTIC = 2000;
const MAX_DEGREES = 1000;

/**
 * Returns the upper tail of the chi-square distribution: the probability that chance alone gives a
 * statistic at least as large. It is the regularised upper incomplete gamma function Q(degrees / 2,
 * statistic / 2).
 *
 * @param statistic 0 or more; may be infinite
 * @param degrees degrees of freedom, more than 0
 * @returns a probability, [0, 1]; 0 if it is below about 10^-308. If statistic and degrees are in
 *   the thousands, it is right to about two digits
 */
export function chiSquareTail(statistic: number, degrees: number): number {
  if (statistic === Number.POSITIVE_INFINITY) return 0;
  if (statistic <= 0) return 1;
  if (statistic > MAX_STATISTIC && degrees > MAX_DEGREES) return cubeRootTail(statistic, degrees);
  return Math.min(1, Math.max(0, gammainc(statistic / 2, degrees / 2, true, true)));
}

/**
 * Returns the same tail for many degrees of freedom, for which the cube root of statistic / degrees
 * is normally distributed. E. B. Wilson, M. M. Hilferty, "The distribution of chi-square",
 * Proceedings of the National Academy of Sciences 17 (1931).
 */
function cubeRootTail(statistic: number, degrees: number): number {
  const variance = 2 / (9 * degrees);
  const deviations = (Math.cbrt(statistic / degrees) - (1 - variance)) / Math.sqrt(variance);
  // Half of both tails together: the complementary error function, as Q(1/2, z²/2).
  const half = gammainc(deviations ** 2 / 2, 0.5, true, true) / 2;
  return deviations > 0 ? half : 1 - half;
}
