import { lnTTail, tQuantile, tTail } from '../distributions/student-t.ts';
import {
  type Estimate,
  type EstimateMethod,
  type Range,
  type Test,
  withoutTest,
} from './estimate.ts';

/** A test's p-value with its logarithm. */
export interface PValue {
  readonly pValue: number;
  readonly lnPValue: number;
}

/** Returns the p-value of a t statistic. */
export function tTest(statistic: number, df: number, alternative: Test['alternative']): PValue {
  if (alternative === 'two-sided') {
    const size = Math.abs(statistic);
    return {
      pValue: Math.min(1, 2 * tTail(size, df)),
      lnPValue: Math.min(0, Math.LN2 + lnTTail(size, df)),
    };
  }
  const t = alternative === 'greater' ? statistic : -statistic;
  return { pValue: tTail(t, df), lnPValue: lnTTail(t, df) };
}

/** Returns the number of standard errors between an estimate and the ends of its interval. */
export function criticalValue({ alternative, alpha }: Test, df: number): number {
  return -tQuantile(alternative === 'two-sided' ? alpha / 2 : alpha, df);
}

/** Returns the interval of the values that the test does not reject; a one-sided test leaves one end open. */
export function rangeAround(
  estimate: number,
  halfWidth: number,
  alternative: Test['alternative'],
): Range {
  return openEnds([estimate - halfWidth, estimate + halfWidth], alternative);
}

/** Opens the end that a one-sided test says nothing about. */
export function openEnds([low, high]: Range, alternative: Test['alternative']): Range {
  return [
    alternative === 'less' ? Number.NEGATIVE_INFINITY : low,
    alternative === 'greater' ? Number.POSITIVE_INFINITY : high,
  ];
}

/** An estimate before its test. */
interface Untested {
  readonly estimate: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/** Tests an estimate by the t distribution, and adds its interval. */
export function tEstimate(
  { estimate, standardError, degreesOfFreedom }: Untested,
  test: Test,
  method: EstimateMethod,
): Estimate {
  if (standardError === 0) return withoutTest('no-variance', method, estimate);
  const statistic = (estimate - (test.against ?? 0)) / standardError;
  const numbers = [estimate, standardError, degreesOfFreedom, statistic];
  if (!numbers.every(Number.isFinite)) return withoutTest('impossible', method);
  return {
    status: 'ok',
    estimate,
    standardError,
    degreesOfFreedom,
    statistic,
    ...tTest(statistic, degreesOfFreedom, test.alternative),
    interval: rangeAround(
      estimate,
      criticalValue(test, degreesOfFreedom) * standardError,
      test.alternative,
    ),
    method,
  };
}
