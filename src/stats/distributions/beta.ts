import quantile from '@stdlib/stats-base-dists-beta-quantile';

/**
 * Returns the value that a variable with the beta distribution exceeds with probability 1 − p.
 *
 * @param p a probability; 0 for 0 and less, 1 for 1 and more
 * @param a the first parameter, more than 0
 * @param b the second parameter, more than 0
 */
export function betaQuantile(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  return quantile(p, a, b);
}
