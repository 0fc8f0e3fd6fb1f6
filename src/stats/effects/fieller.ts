import { type ArmPair, differenceVariance } from './arm-pair.ts';
import type { Range, Test } from './estimate.ts';
import { criticalValue, openEnds, type PValue, tTest } from './t-test.ts';

/** The interval of a relative lift by Fieller's method. */
export interface FiellerInterval {
  /**
   * - `bounded`: between two ends
   * - `outside`: everything outside of two ends, which are in `ratioExcluded`
   * - `all`: nothing can be excluded
   */
  readonly form: 'bounded' | 'outside' | 'all';
  /** The lift's interval; null unless `bounded`. */
  readonly interval: Range | null;
  /** The excluded values of treatment / control; null unless `outside`. */
  readonly ratioExcluded: Range | null;
  /** The squared critical value over the squared distance of the control mean from 0; 1 or more is unbounded. */
  readonly g: number;
}

/**
 * Returns the interval of the relative lift that stays right if the control mean is close to 0. Its
 * ends are the ratios r for which treatment − r · control is exactly at the test's limit. So it excludes
 * 0 exactly if the interval of the absolute difference does. E. C. Fieller, "Some problems in interval estimation", Journal of the Royal Statistical Society B 16 (1954).
 */
export function fiellerInterval(
  { control, treatment, means }: ArmPair,
  test: Test,
): FiellerInterval {
  const { variance, degreesOfFreedom } = differenceVariance(control, treatment);
  const t = criticalValue(test, degreesOfFreedom);
  const g = (t ** 2 * means.control) / control.mean ** 2;
  // In units of the control mean, so that squares neither overflow nor vanish. The equation is one for the
  // ratio minus 1: at 0, what remains of it is the test of the absolute difference.
  const scale = control.mean;
  const difference = (treatment.mean - control.mean) / scale;
  const square = (t / scale) ** 2;
  const a = 1 - g;
  const shift = square * (means.control - means.covariance);
  const b = difference + shift;
  const c = difference ** 2 - square * variance;
  // b² − a c without the squares of the difference, which would cancel each other.
  const rest = shift * (2 * difference + shift) + square * variance * a + g * difference ** 2;
  const root = Math.sqrt(Math.max(0, rest));
  if (!(a > 0)) {
    const isAll = !(rest > 0) || a === 0;
    return {
      form: isAll ? 'all' : 'outside',
      interval: null,
      ratioExcluded: isAll ? null : [1 + (b + root) / a, 1 + (b - root) / a],
      g,
    };
  }
  const ends = rootsOf(a, b, c, root);
  const lifts: Range = control.mean > 0 ? ends : [-ends[1], -ends[0]];
  return { form: 'bounded', interval: openEnds(lifts, test.alternative), ratioExcluded: null, g };
}

/**
 * Tests a relative lift as {@link fiellerInterval} does: whether treatment − ratio · control differs from 0.
 * Of a bounded interval, p is below α exactly if the interval excludes the lift.
 */
export function fiellerTest(
  { control, treatment, means }: ArmPair,
  { against = 0, alternative }: Test,
): PValue & { readonly statistic: number } {
  const { variance, degreesOfFreedom } = differenceVariance(control, treatment);
  const more = against * Math.sign(control.mean);
  const spread =
    variance + 2 * more * (means.control - means.covariance) + more ** 2 * means.control;
  const distance = treatment.mean - control.mean - against * Math.abs(control.mean);
  const statistic = distance === 0 ? 0 : distance / Math.sqrt(Math.max(0, spread));
  return { statistic, ...tTest(statistic, degreesOfFreedom, alternative) };
}

/** Returns the roots of a x² − 2 b x + c, neither of which is a difference of nearly equal numbers. */
function rootsOf(a: number, b: number, c: number, root: number): Range {
  if (b === 0) return [-root / a, root / a];
  const far = b + Math.sign(b) * root;
  return b > 0 ? [c / far, far / a] : [far / a, c / far];
}
