import { normalQuantile } from '../distributions/normal.ts';
import { sequentialHalfWidth } from '../sequential/confidence-sequence.ts';

/** The interval whose width decides about a result. */
export type Width =
  /** The fixed interval: valid for one look. */
  | { readonly method: 'fixed' }
  /** The confidence sequence: valid for every look, and tightest for `tuning` units. */
  | { readonly method: 'sequential'; readonly tuning: number }
  /** The credible interval under a normal prior on the lift, with the mean 0. */
  | { readonly method: 'bayesian'; readonly priorSd: number };

/** A bound for the number of units, so that nothing overflows. */
const MOST_UNITS = 1e200;

/** A planned test. */
export interface PlannedTest {
  readonly alternative: 'two-sided' | 'greater' | 'less';
  /** The error rate, more than 0 and less than 0.5. */
  readonly alpha: number;
  readonly width: Width;
}

/**
 * Returns the distance from 0 at which an estimate becomes significant, in standard errors.
 *
 * @param units of both arms together
 * @param standardError used by a Bayesian width only, on the scale of the prior
 */
export function criticalDistance(test: PlannedTest, units: number, standardError: number): number {
  const { alternative, alpha, width } = test;
  if (width.method === 'sequential') {
    const n = Math.min(MOST_UNITS, units);
    const options = { alpha, tuning: width.tuning, alternative };
    return sequentialHalfWidth({ standardError: 1, n }, options);
  }
  const z = -normalQuantile(alternative === 'two-sided' ? alpha / 2 : alpha);
  return width.method === 'fixed' ? z : z * Math.hypot(1, standardError / width.priorSd);
}
