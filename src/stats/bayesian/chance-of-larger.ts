import gammaln from '@stdlib/math-base-special-gammaln';
import { normalTail } from '../distributions/normal.ts';

/** A beta distribution with whole parameters. */
export interface Beta {
  readonly a: number;
  readonly b: number;
}

/** The most terms of the exact sum; with more, both distributions are normal to the digits shown. */
const MAX_TERMS = 100_000;

/**
 * Returns the probability that `x` is larger than `y`, as a finite sum whose terms are added in
 * logarithms. E. Miller, "Formulas for Bayesian A/B testing" (2014). For more than 100,000 terms it uses
 * the normal approximation.
 */
export function chanceOfLarger(x: Beta, y: Beta): number {
  // Both sums have only positive terms, so a small chance keeps its digits.
  if (Math.min(x.a, y.b) <= MAX_TERMS) {
    // Of the complements, 1 − y is larger than 1 − x with the same probability.
    return x.a <= y.b ? sum(x, y) : sum({ a: y.b, b: y.a }, { a: x.b, b: x.a });
  }
  if (Math.min(x.b, y.a) <= MAX_TERMS) return 1 - chanceOfLarger(y, x);
  const sizeX = x.a + x.b;
  const sizeY = y.a + y.b;
  const difference = x.a / sizeX - y.a / sizeY;
  const variance =
    ((x.a / sizeX) * (x.b / sizeX)) / (sizeX + 1) + ((y.a / sizeY) * (y.b / sizeY)) / (sizeY + 1);
  return normalTail(-difference / Math.sqrt(variance));
}

/** Returns the sum over i < x.a of B(y.a + i, x.b + y.b) / ((x.b + i) B(1 + i, x.b) B(y.a, y.b)). */
function sum(x: Beta, y: Beta): number {
  const both = x.b + y.b;
  let ln = lnBeta(y.a, both) - lnBeta(y.a, y.b);
  let largest = ln;
  let scaled = 0;
  for (let i = 0; i < x.a; i++) {
    if (ln > largest) {
      scaled *= Math.exp(largest - ln);
      largest = ln;
    }
    const term = Math.exp(ln - largest);
    scaled += term;
    const ratio = ((y.a + i) / (y.a + i + both)) * ((x.b + i) / (i + 1));
    if (ratio < 1 && term < 1e-18 * scaled * (1 - ratio)) break;
    ln += Math.log(ratio);
  }
  return Math.min(1, Math.exp(largest + Math.log(scaled)));
}

function lnBeta(a: number, b: number): number {
  return gammaln(a) + gammaln(b) - gammaln(a + b);
}
