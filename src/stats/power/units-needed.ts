import type { Design } from './design.ts';
import { power } from './power.ts';
import { smallestReaching } from './smallest-reaching.ts';

/** More units than any experiment will have. */
const MAX_UNITS = 1e15;

/**
 * Returns the number of units of the control that give the target power, not rounded. `null` if no
 * number of units does.
 *
 * @param lift relative to the size of the control's value
 * @param designOf returns the design for a number of units; needed if the width depends on the plan
 */
export function unitsNeeded(
  design: Design | ((unitsControl: number) => Design),
  lift: number,
  targetPower: number,
): number | null {
  const designFor = typeof design === 'function' ? design : () => design;
  return smallestReaching((units) => power(designFor(units), lift, units) >= targetPower, {
    start: 1024,
    min: 2 ** -20,
    max: MAX_UNITS,
  });
}
