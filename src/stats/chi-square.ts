import gammainc from '@stdlib/math-base-special-gammainc';

/** What a chi-square test gives. */
export interface ChiSquareTest {
  /** How far what was counted lies from what was expected; 0 where they are the same. */
  readonly statistic: number;
  /** Degrees of freedom, at least 1. */
  readonly degrees: number;
  /** How often chance alone goes as far or farther: [0, 1]. */
  readonly p: number;
}

/**
 * Below this expected count, the chi-square distribution no longer describes a cell's deviations;
 * cells are pooled until each has as many. The usual rule, after W. G. Cochran, "Some methods for
 * strengthening the common χ² tests", Biometrics 10 (1954).
 */
export const MIN_EXPECTED = 5;

/**
 * Past a statistic of 2000, the incomplete gamma function of the library takes an asymptotic series
 * that is wrong by up to 0.04 near its middle, where the degrees of freedom are as many. Up to there
 * it is right to twelve digits.
 */
const MAX_STATISTIC = 2000;
const MAX_DEGREES = 1000;

/**
 * The upper tail of the chi-square distribution: how often chance alone gives a statistic as large or
 * larger. It is the regularised upper incomplete gamma function Q(degrees / 2, statistic / 2).
 *
 * @param statistic 0 or more; may be infinite
 * @param degrees degrees of freedom, more than 0
 * @returns a probability, [0, 1]; below about 10^-308 it is 0. Where statistic and degrees are in the
 *   thousands it is right to about two digits
 */
export function chiSquareTail(statistic: number, degrees: number): number {
  if (statistic === Number.POSITIVE_INFINITY) return 0;
  if (statistic <= 0) return 1;
  if (statistic > MAX_STATISTIC && degrees > MAX_DEGREES) return cubeRootTail(statistic, degrees);
  return Math.min(1, Math.max(0, gammainc(statistic / 2, degrees / 2, true, true)));
}

/**
 * The same tail for many degrees of freedom, where the cube root of statistic / degrees is normally
 * distributed. E. B. Wilson, M. M. Hilferty, "The distribution of chi-square", Proceedings of the
 * National Academy of Sciences 17 (1931).
 */
function cubeRootTail(statistic: number, degrees: number): number {
  const variance = 2 / (9 * degrees);
  const deviations = (Math.cbrt(statistic / degrees) - (1 - variance)) / Math.sqrt(variance);
  // Half of what lies beyond on both sides: the complementary error function, as Q(1/2, z²/2).
  const half = gammainc(deviations ** 2 / 2, 0.5, true, true) / 2;
  return deviations > 0 ? half : 1 - half;
}
