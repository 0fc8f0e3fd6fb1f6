import type { Test } from '../../../stats/effects/estimate.ts';
import { midway } from '../../../stats/power/midway.ts';
import type { LookTest } from './by-look.ts';

/** An undecided comparison. */
export interface Undecided {
  /** The distance of the estimate from the value that decides, more than 0. */
  readonly distance: number;
  readonly standardError: number;
  /** The units of both variants. */
  readonly n: number;
}

/** The power with which an estimate that stays as it is reaches the end of its interval. */
const EVEN_CHANCE = 0.5;

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
  const width = method === 'fixed' ? ({ method } as const) : ({ method, tuning } as const);
  return midway({
    lift: distance,
    standardError,
    units: n,
    test: { alternative, alpha, width },
    targetPower: EVEN_CHANCE,
  }).moreUnitsFactor;
}
