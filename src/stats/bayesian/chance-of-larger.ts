import { lnHypergeometricTail } from '../distributions/hypergeometric.ts';

/** A beta distribution with whole parameters. */
export interface Beta {
  readonly a: number;
  readonly b: number;
}

/**
 * Returns the natural logarithm of the probability that `x` is larger than `y`. E. Miller, "Formulas for
 * Bayesian A/B testing" (2014), gives it as a sum of beta functions, which lose digits for many units.
 * The same sum is a hypergeometric tail: `x` is the a-th smallest of a + b − 1 random points, and so is
 * `y`. `x` is larger if, of the smallest x.a + y.a − 1 of all points, fewer than x.a are from `x`.
 */
export function lnChanceOfLarger(x: Beta, y: Beta): number {
  return lnHypergeometricTail(
    x.a - 1,
    { marked: x.a + x.b - 1, unmarked: y.a + y.b - 1, drawn: x.a + y.a - 1 },
    -1,
  );
}
