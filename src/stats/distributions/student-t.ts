import gammaln from '@stdlib/math-base-special-gammaln';
import cdf from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';
import { continuedFraction } from './continued-fraction.ts';
import { lnNormalTail, normalQuantile, normalTail } from './normal.ts';

/** Degrees of freedom from which the distribution is computed from the normal one, to all digits. */
const NEARLY_NORMAL = 1e6;

/** Deviations from which the expansion for many degrees of freedom is not used. */
const FAR = 1000;

/** Below this, a tail's logarithm is computed directly: the tail itself is close to the smallest double. */
const SMALLEST_TAIL = 1e-290;

/**
 * Returns the upper tail of Student's t distribution, the probability of more than `t`. It is the lower
 * tail of −t, and keeps its digits down to about 1e-300. Student, "The probable error of a mean",
 * Biometrika 6 (1908).
 *
 * @param df degrees of freedom, more than 0; may be infinite
 */
export function tTail(t: number, df: number): number {
  if (t > FAR && df >= NEARLY_NORMAL) return 0;
  if (t < -FAR && df >= NEARLY_NORMAL) return 1;
  if (df >= NEARLY_NORMAL) return normalTail(asDeviations(t, df));
  if (t === Number.POSITIVE_INFINITY) return 0;
  if (t === Number.NEGATIVE_INFINITY) return 1;
  const tail = cdf(-t, df);
  // Where t² overflows, the library returns NaN.
  return Number.isNaN(tail) || (t > 0 && tail < SMALLEST_TAIL) ? Math.exp(lnTTail(t, df)) : tail;
}

/** Returns the natural logarithm of {@link tTail}, also where the tail is below 1e-308. */
export function lnTTail(t: number, df: number): number {
  if (df >= NEARLY_NORMAL && (t < FAR || df === Number.POSITIVE_INFINITY)) {
    return lnNormalTail(asDeviations(t, df));
  }
  if (t <= 0) return Math.log1p(-tTail(-t, df));
  if (t === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  const tail = cdf(-t, df);
  return tail >= SMALLEST_TAIL ? Math.log(tail) : lnFarTail(t, df);
}

/**
 * Returns the value that a variable with Student's t distribution exceeds with probability 1 − p. From
 * a million degrees of freedom on, it expands the normal quantile (M. Abramowitz, I. A. Stegun,
 * "Handbook of Mathematical Functions" (1964), 26.7.5).
 *
 * @param p a probability; −Infinity for 0 and less, Infinity for 1 and more
 * @param df degrees of freedom, more than 0; may be infinite
 */
export function tQuantile(p: number, df: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  if (df < NEARLY_NORMAL) return quantile(p, df);
  const z = normalQuantile(p);
  return z + (z ** 3 + z) / (4 * df) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * df ** 2);
}

/**
 * Returns the normal deviation with the same tail as `t`, for many degrees of freedom. G. W. Hill,
 * "Algorithm 395: Student's t-distribution", Communications of the ACM 13 (1970).
 */
function asDeviations(t: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY || !Number.isFinite(t)) return t;
  const square = (df - 0.5) * lnOnePlusSquare(t, df);
  const z = Math.sqrt(square);
  const b = 48 * (df - 0.5) ** 2;
  const second = (4 * z ** 7 + 33 * z ** 5 + 240 * z ** 3 + 855 * z) / (10 * b * b);
  return Math.sign(t) * (z + (z ** 3 + 3 * z) / b - second);
}

/**
 * Returns ln(½ I(x; df/2, ½)) with x = df / (df + t²), by the continued fraction of the incomplete beta
 * function (Abramowitz, Stegun, 26.5.8). It converges fast in the tail.
 */
function lnFarTail(t: number, df: number): number {
  const a = df / 2;
  const spread = lnOnePlusSquare(t, df);
  const x = Math.exp(-spread);
  const fraction = continuedFraction((m) => {
    const half = m >> 1;
    return m % 2 === 0
      ? (half * (0.5 - half) * x) / ((a + m - 1) * (a + m))
      : (-(a + half) * (a + 0.5 + half) * x) / ((a + m - 1) * (a + m));
  });
  const lnFront = -a * spread + Math.log1p(-x) / 2 - Math.log(a) - lnBetaHalf(a);
  return lnFront - Math.log(fraction) - Math.LN2;
}

/** Returns ln(1 + t²/df), also where t² overflows. */
function lnOnePlusSquare(t: number, df: number): number {
  return Math.abs(t) > 1e150 ? 2 * Math.log(Math.abs(t)) - Math.log(df) : Math.log1p((t * t) / df);
}

/** Returns ln B(a, ½). For large a, the difference of two log-gammas would lose digits. */
function lnBetaHalf(a: number): number {
  const lnSqrtPi = 0.5723649429247001;
  if (a < 30) return gammaln(a) + lnSqrtPi - gammaln(a + 0.5);
  const y = 1 / (a * a);
  return lnSqrtPi - Math.log(a) / 2 + (1 / a) * (1 / 8 - y * (1 / 192 - y / 640));
}
