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
  const test = testOfLook(compare, n, look, alternative);
  const absolute = compare('absolute', test);
  return {
    absolute,
    relative: compare('relative', test),
    ...(look.method === 'fixed'
      ? { pValue: absolute.pValue, lnPValue: absolute.lnPValue }
      : sequentialTest(absolute.estimate, absolute.standardError, n, look, alternative)),
  };
}

/** Returns the fixed test with the intervals of the look. */
export function testOfLook(
  compare: Compare,
  n: number,
  { method, alpha, tuning }: LookTest,
  alternative: Test['alternative'],
): Test {
  if (method === 'fixed') return { alternative, alpha };
  const { degreesOfFreedom } = compare('absolute', { alternative, alpha });
  const distance = sequentialHalfWidth({ standardError: 1, n }, { alpha, tuning, alternative });
  const tail = tailOf(distance, degreesOfFreedom);
  return { alternative, alpha: alternative === 'two-sided' ? 2 * tail : tail };
}

/** Returns the p-value of a sequence; null without an estimate and its standard error. */
export function sequentialTest(
  estimate: number | null,
  standardError: number | null,
  n: number,
  { alpha, tuning }: LookTest,
  alternative: Test['alternative'],
): Pick<LookComparison, 'pValue' | 'lnPValue'> {
  if (estimate === null || standardError === null) return { pValue: null, lnPValue: null };
  const options = { alpha, tuning, alternative };
  const { pValue, lnPValue } = confidenceSequence({ estimate, standardError, n }, options);
  return { pValue, lnPValue };
}

function tailOf(distance: number, df: number | null): number {
  return df === null ? normalTail(distance) : tTail(distance, df);
}
