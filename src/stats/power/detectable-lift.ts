import type { Design } from './design.ts';
import { power } from './power.ts';
import { smallestReaching } from './smallest-reaching.ts';

/** A lift beyond which the answer is "none". */
const MAX_LIFT = 2 ** 40;

/**
 * Returns the smallest lift that reaches the target power, as a positive share of the control's value.
 *
 * @param direction of the true lift; of a proportion, an increase has the power of its own rate
 * @returns null if no lift reaches the target, or the control's value is 0
 */
export function detectableLift(
  design: Design,
  unitsControl: number,
  targetPower: number,
  direction: 'up' | 'down' = design.test.alternative === 'less' ? 'down' : 'up',
): number | null {
  const { value, variance } = design.baseline;
  if (value === 0) return null;
  const sign = direction === 'up' ? 1 : -1;
  // A rate can't exceed 1 or fall below 0.
  const limit = direction === 'up' ? 1 / value - 1 : 1;
  const max = variance === 'rate' ? limit : MAX_LIFT;
  if (!(max > 0)) return null;
  return smallestReaching((lift) => power(design, sign * lift, unitsControl) >= targetPower, {
    start: 2 ** -6,
    min: Math.min(max, 2 ** -50),
    max,
  });
}

/**
 * Returns the smallest margin for which a test of no harm reaches the target power.
 *
 * @param lift the true lift, usually 0
 * @returns null if no margin reaches the target, or the control's value is 0
 */
export function detectableMargin(
  design: Design,
  lift: number,
  unitsControl: number,
  targetPower: number,
): number | null {
  if (design.baseline.value === 0) return null;
  return smallestReaching(
    (margin) => power({ ...design, margin }, lift, unitsControl) >= targetPower,
    { start: 2 ** -6, min: 2 ** -50, max: MAX_LIFT },
  );
}
