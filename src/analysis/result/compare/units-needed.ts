import { normalQuantile } from '../../../stats/distributions/normal.ts';
import type { Test } from '../../../stats/effects/estimate.ts';
import { sequentialHalfWidth } from '../../../stats/sequential/confidence-sequence.ts';
import type { LookTest } from './by-look.ts';

/** An undecided comparison. */
export interface Undecided {
  /** The distance of the estimate from the value that decides, more than 0. */
  readonly distance: number;
  readonly standardError: number;
  /** The units of both variants. */
  readonly n: number;
}

/** More units than anybody waits for, as a multiple of those so far. */
const MAX_TIMES = 2 ** 40;

/** Steps of bisection, after which the multiple is right to all digits that matter. */
const STEPS = 60;

/**
 * Returns the further units, as a multiple of those so far, after which the interval no longer contains
 * the deciding value if the estimate stays. The square of the standard error shrinks by 1 + f with f
 * times as many further units, and the sequence's width follows the number of units, too.
 *
 * @returns 0 if it is decided; null if no number of units suffices
 */
export function moreUnitsFactor(
  { distance, standardError, n }: Undecided,
  { method, alpha, tuning }: LookTest,
  alternative: Test['alternative'],
): number | null {
  if (!(distance > 0 && standardError > 0 && n > 0)) return null;
  if (method === 'fixed') {
    const z = -normalQuantile(alternative === 'two-sided' ? alpha / 2 : alpha);
    return Math.max(0, ((z * standardError) / distance) ** 2 - 1);
  }
  const isDecided = (times: number): boolean =>
    sequentialHalfWidth(
      { standardError: standardError / Math.sqrt(times), n: n * times },
      { alpha, tuning, alternative },
    ) <= distance;
  if (isDecided(1)) return 0;
  if (!isDecided(MAX_TIMES)) return null;
  let [low, high] = [0, Math.log(MAX_TIMES)];
  for (let step = 0; step < STEPS; step++) {
    const middle = (low + high) / 2;
    if (isDecided(Math.exp(middle))) high = middle;
    else low = middle;
  }
  return Math.expm1(high);
}
