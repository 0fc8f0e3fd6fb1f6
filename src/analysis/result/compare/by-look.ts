import { normalTail } from '../../../stats/distributions/normal.ts';
import { tTail } from '../../../stats/distributions/student-t.ts';
import type { Estimate, Test } from '../../../stats/effects/estimate.ts';
import {
  confidenceSequence,
  sequentialHalfWidth,
} from '../../../stats/sequential/confidence-sequence.ts';
import type { Look } from '../result.ts';
import type { Compare } from './compare-arms.ts';

/** The method and error rate of a look. */
export type LookTest = Pick<Look, 'method' | 'alpha' | 'tuning'>;

/** A comparison by the method of the look. */
export interface LookComparison {
  readonly absolute: Estimate;
  readonly relative: Estimate;
  /** Of the absolute difference. */
  readonly pValue: number | null;
  readonly lnPValue: number | null;
}

/**
 * Compares by the method of the look. A sequential interval is the fixed one of an error rate at which it
 * is as wide as the sequence's. So the sequence also has Fieller's and Newcombe's intervals.
 *
 * @param n the units of both variants
 */
export function compareByLook(
  compare: Compare,
  n: number,
  look: LookTest,
  alternative: Test['alternative'],
): LookComparison {
  const { alpha, tuning } = look;
  const fixed = compare('absolute', { alternative, alpha });
  if (look.method === 'fixed') {
    const { pValue, lnPValue } = fixed;
    return {
      absolute: fixed,
      relative: compare('relative', { alternative, alpha }),
      pValue,
      lnPValue,
    };
  }
  const options = { alpha, tuning, alternative };
  const distance = sequentialHalfWidth({ standardError: 1, n }, options);
  const tail = tailOf(distance, fixed.degreesOfFreedom);
  const test = { alternative, alpha: alternative === 'two-sided' ? 2 * tail : tail };
  const { estimate, standardError } = fixed;
  const { pValue, lnPValue } =
    estimate === null || standardError === null
      ? { pValue: null, lnPValue: null }
      : confidenceSequence({ estimate, standardError, n }, options);
  return {
    absolute: compare('absolute', test),
    relative: compare('relative', test),
    pValue,
    lnPValue,
  };
}

function tailOf(distance: number, df: number | null): number {
  return df === null ? normalTail(distance) : tTail(distance, df);
}
