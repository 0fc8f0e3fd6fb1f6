import { type ArmPair, combined, differenceVariance, unfit } from './arm-pair.ts';
import { type Estimate, type Test, withoutTest } from './estimate.ts';
import { tEstimate } from './t-test.ts';

/**
 * Returns the relative lift (treatment − control) / |control| with a symmetric interval by the delta
 * method, and its own test. A. Deng, U. Knoblich, J. Lu, "Applying the delta method in metric
 * analytics", KDD (2018). The sign is that of the difference, also for a negative control mean.
 */
export function deltaLift(pair: ArmPair, test: Test): Estimate {
  const { control, treatment, means } = pair;
  const reason = unfit(control, treatment);
  if (reason !== undefined) return withoutTest(reason, 'delta');
  if (control.mean === 0) return withoutTest('no-baseline', 'delta');
  const scale = Math.abs(control.mean);
  const estimate = (treatment.mean - control.mean) / scale;
  const ratio = treatment.mean / control.mean;
  const treatmentPart = (means.treatment - means.shared) / scale ** 2;
  const controlPart =
    (ratio ** 2 * means.control + means.shared - 2 * ratio * means.covariance) / scale ** 2;
  const { standardError } = combined(controlPart, control.n, treatmentPart, treatment.n);
  const { degreesOfFreedom } = differenceVariance(control, treatment);
  return tEstimate({ estimate, standardError, degreesOfFreedom }, test, 'delta');
}
