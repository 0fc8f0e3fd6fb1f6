import gammainc from '@stdlib/math-base-special-gammainc';
import gammaln from '@stdlib/math-base-special-gammaln';
import { lnNormalTail, normalTail } from './normal.ts';

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

/** Below this, a tail's logarithm is computed directly: the tail itself is close to the smallest double. */
const SMALLEST_TAIL = 1e-290;

/**
 * Returns the natural logarithm of {@link chiSquareTail}, also where the tail is below 1e-308. There it
 * uses Legendre's continued fraction of the incomplete gamma function (M. Abramowitz, I. A. Stegun,
 * "Handbook of Mathematical Functions" (1964), 6.5.31).
 */
export function lnChiSquareTail(statistic: number, degrees: number): number {
  if (statistic === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  if (statistic > MAX_STATISTIC && degrees > MAX_DEGREES) {
    return lnNormalTail(cubeRootDeviations(statistic, degrees));
  }
  const tail = chiSquareTail(statistic, degrees);
  if (tail >= SMALLEST_TAIL) return Math.log(tail);
  const a = degrees / 2;
  const x = statistic / 2;
  return a * Math.log(x) - x - gammaln(a) - Math.log(legendre(a, x));
}

/** Returns x + 1 − a − 1·(1 − a)/(x + 3 − a − 2·(2 − a)/(x + 5 − a − …)), for x far above a. */
function legendre(a: number, x: number): number {
  const terms = 200;
  let value = x + 2 * terms + 1 - a;
  for (let i = terms; i >= 1; i--) value = x + 2 * i - 1 - a - (i * (i - a)) / value;
  return value;
}

/**
 * Returns the same tail for many degrees of freedom, for which the cube root of statistic / degrees
 * is normally distributed. E. B. Wilson, M. M. Hilferty, "The distribution of chi-square",
 * Proceedings of the National Academy of Sciences 17 (1931).
 */
function cubeRootTail(statistic: number, degrees: number): number {
  return normalTail(cubeRootDeviations(statistic, degrees));
}

function cubeRootDeviations(statistic: number, degrees: number): number {
  const variance = 2 / (9 * degrees);
  return (Math.cbrt(statistic / degrees) - (1 - variance)) / Math.sqrt(variance);
}
