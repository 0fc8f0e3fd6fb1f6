import { type ArmPair, differenceVariance } from './arm-pair.ts';
import { deltaLift } from './delta-lift.ts';
import { type Estimate, type Range, type Test, withoutTest } from './estimate.ts';
import { fiellerInterval, fiellerTest } from './fieller.ts';
import { criticalValue, rangeAround } from './t-test.ts';

/** The number of standard errors between the control mean and 0 from which the delta method is used. */
const CLEAR_OF_ZERO = 10;

/** Below this number, Fieller's interval is right, but too wide to be of much use. */
const NEAR_ZERO = 3;

/**
 * Returns the relative lift (treatment − control) / |control|. The interval comes from the delta method.
 * It comes from Fieller's if the control mean is less than 10 standard errors from 0, or if the delta
 * method and the absolute difference disagree about 0. With Fieller's they never do. If it has no ends,
 * the status is `unbounded`, and only the absolute difference says something.
 */
export function relativeLift(pair: ArmPair, test: Test): Estimate {
  const delta = deltaLift(pair, test);
  const deviations = Math.abs(pair.control.mean) / Math.sqrt(pair.means.control);
  if (delta.status !== 'ok') {
    // A mean so close to 0 that dividing by it overflows is still possible.
    const isNearZero = deviations < NEAR_ZERO && Number.isFinite(pair.means.control);
    const isUnbounded = delta.status === 'impossible' && isNearZero;
    return isUnbounded ? withoutTest('unbounded', 'fieller') : delta;
  }
  if (deviations >= CLEAR_OF_ZERO && sideOf(delta.interval) === sideOf(absolute(pair, test))) {
    return delta;
  }
  const { interval } = fiellerInterval(pair, test);
  if (interval === null) return withoutTest('unbounded', 'fieller', delta.estimate);
  if (!interval.every((end) => !Number.isNaN(end))) return withoutTest('impossible', 'fieller');
  const status = deviations < NEAR_ZERO ? 'ok-baseline-near-zero' : 'ok';
  return { ...delta, ...fiellerTest(pair, test), status, interval, method: 'fieller' };
}

/** Returns the interval of the absolute difference. */
function absolute({ control, treatment }: ArmPair, test: Test): Range {
  const { standardError, degreesOfFreedom } = differenceVariance(control, treatment);
  const halfWidth = criticalValue(test, degreesOfFreedom) * standardError;
  return rangeAround(treatment.mean - control.mean, halfWidth, test.alternative);
}

/** Returns the side of 0 on which all of an interval is; 0 if it contains 0. */
function sideOf(interval: Range | null): number {
  const [low, high] = interval ?? [0, 0];
  return low > 0 ? 1 : high < 0 ? -1 : 0;
}
