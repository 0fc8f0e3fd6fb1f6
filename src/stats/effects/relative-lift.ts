import type { ArmPair } from './arm-pair.ts';
import { deltaLift } from './delta-lift.ts';
import { type Estimate, type Test, withoutTest } from './estimate.ts';
import { fiellerInterval } from './fieller.ts';

/** The number of standard errors between the control mean and 0 from which the delta method is used. */
const CLEAR_OF_ZERO = 10;

/** Below this number, Fieller's interval is right, but too wide to be of much use. */
const NEAR_ZERO = 3;

/**
 * Returns the relative lift (treatment − control) / |control|. The interval comes from the delta method,
 * or from Fieller's if the control mean is less than 10 standard errors from 0. If Fieller's has no
 * ends, the status is `unbounded`, and only the absolute difference says something.
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
  if (deviations >= CLEAR_OF_ZERO) return delta;
  const { interval } = fiellerInterval(pair, test);
  if (interval === null) return withoutTest('unbounded', 'fieller', delta.estimate);
  if (!interval.every((end) => !Number.isNaN(end))) return withoutTest('impossible', 'fieller');
  const status = deviations < NEAR_ZERO ? 'ok-baseline-near-zero' : 'ok';
  return { ...delta, status, interval, method: 'fieller' };
}
