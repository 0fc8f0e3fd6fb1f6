import type { PlannedTest } from './planned-test.ts';
import { powerAt } from './power.ts';
import { smallestReaching } from './smallest-reaching.ts';

/** A comparison that is under way. */
export interface Midway {
  /** The true lift to detect; of a test of no harm, plus its margin. On the scale of the standard error. */
  readonly lift: number;
  /** The standard error of the estimate so far, more than 0. */
  readonly standardError: number;
  /** The units so far, of both arms together. */
  readonly units: number;
  readonly test: PlannedTest;
  readonly targetPower: number;
}

/** The remaining part of a comparison. */
export interface Remaining {
  /** The probability of a significant result with the units so far. */
  readonly powerNow: number;
  /** The further units for the target power, as a multiple of those so far; null if none suffice. */
  readonly moreUnitsFactor: number | null;
  /** The further units of both arms, not rounded. */
  readonly moreUnits: number | null;
}

/** More further units than anybody waits for, as a multiple of those so far. */
const MAX_FACTOR = 2 ** 40;

/**
 * Returns the power so far, and the further units that give the target power. With f times as many
 * further units, the square of the standard error shrinks by 1 + f.
 */
export function midway({ lift, standardError, units, test, targetPower }: Midway): Remaining {
  const powerWith = (times: number): number =>
    powerAt(
      { difference: lift, standardError: standardError / Math.sqrt(times) },
      test,
      units * times,
    );
  const powerNow = powerWith(1);
  const times = smallestReaching((x) => powerWith(x) >= targetPower, {
    start: 1,
    min: 1,
    max: MAX_FACTOR,
  });
  if (times === null) return { powerNow, moreUnitsFactor: null, moreUnits: null };
  const moreUnitsFactor = times - 1;
  return { powerNow, moreUnitsFactor, moreUnits: moreUnitsFactor * units };
}
