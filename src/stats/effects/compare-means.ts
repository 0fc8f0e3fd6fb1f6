import { type ArmPair, differenceVariance, independentPair, unfit } from './arm-pair.ts';
import { type Arm, type Estimate, type Test, withoutTest } from './estimate.ts';
import { relativeLift } from './relative-lift.ts';
import { tEstimate } from './t-test.ts';

/** The scale of a difference: in the metric's unit, or as a share of the control's absolute mean. */
export type Scale = 'absolute' | 'relative';

/**
 * Compares two means by Welch's t test, which does not assume equal variances. B. L. Welch, "The
 * generalization of 'Student's' problem", Biometrika 34 (1947).
 *
 * The p-value and the statistic are those of the absolute difference on both scales, so there is one
 * test for each comparison, unless it is against another value than 0. The relative interval comes from {@link relativeLift}.
 */
export function compareMeans(control: Arm, treatment: Arm, scale: Scale, test: Test): Estimate {
  const reason = unfit(control, treatment);
  if (reason !== undefined) return withoutTest(reason, scale === 'absolute' ? 'welch' : 'delta');
  return comparePair(independentPair(control, treatment), scale, test);
}

/** Compares a pair that CUPED may have adjusted; see {@link compareMeans}. */
export function comparePair(pair: ArmPair, scale: Scale, test: Test): Estimate {
  const reason = unfit(pair.control, pair.treatment);
  if (reason !== undefined) return withoutTest(reason, scale === 'absolute' ? 'welch' : 'delta');
  if (scale === 'absolute') return difference(pair, test);
  const lift = relativeLift(pair, test);
  if (test.against !== undefined) return lift;
  const { statistic, pValue, lnPValue } = difference(pair, test);
  return { ...lift, statistic, pValue, lnPValue };
}

function difference({ control, treatment }: ArmPair, test: Test): Estimate {
  const estimate = treatment.mean - control.mean;
  const { standardError, degreesOfFreedom } = differenceVariance(control, treatment);
  return tEstimate({ estimate, standardError, degreesOfFreedom }, test, 'welch');
}
