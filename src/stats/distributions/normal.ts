import erfc from '@stdlib/math-base-special-erfc';
import erfcinv from '@stdlib/math-base-special-erfcinv';

const LN_SQRT_TWO_PI = 0.9189385332046728;

/** From this many deviations on, the logarithm of the tail comes from its asymptotic series. */
const SERIES_FROM = 30;

/** Returns the probability that a standard normal variable is at most `z`. It is right in both tails. */
export function normalCdf(z: number): number {
  return normalTail(-z);
}

/**
 * Returns the upper tail of the standard normal distribution, the probability of more than `z`. It
 * keeps its digits down to about 1e-308, where `1 − normalCdf(z)` loses them below 1e-16.
 */
export function normalTail(z: number): number {
  return erfc(z / Math.SQRT2) / 2;
}

/**
 * Returns the natural logarithm of {@link normalTail}, also where the tail is below 1e-308. Far out it
 * uses the series of P. S. de Laplace (M. Abramowitz, I. A. Stegun, "Handbook of Mathematical
 * Functions" (1964), 26.2.12).
 */
export function lnNormalTail(z: number): number {
  if (z < 0) return Math.log1p(-normalTail(-z));
  if (z < SERIES_FROM) return Math.log(normalTail(z));
  if (z === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  const y = 1 / (z * z);
  const series = y * (-1 + y * (3 + y * (-15 + y * (105 - 945 * y))));
  return (-z * z) / 2 - LN_SQRT_TWO_PI - Math.log(z) + Math.log1p(series);
}

/** Returns the density of the standard normal distribution. */
export function normalDensity(z: number): number {
  return Math.exp((-z * z) / 2 - LN_SQRT_TWO_PI);
}

/**
 * Returns the value that a standard normal variable exceeds with probability 1 − p. It uses the inverse
 * of erfc, which is right to 7e-14 down to p = 1e-300.
 *
 * @param p a probability; −Infinity for 0 and less, Infinity for 1 and more
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  // Adding 0 turns −0 into 0.
  return -Math.SQRT2 * erfcinv(2 * p) + 0;
}
