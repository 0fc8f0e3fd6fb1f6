import { normalTail } from '../distributions/normal.ts';
import { tQuantile } from '../distributions/student-t.ts';
import { unfit } from './arm-pair.ts';
import { compareMeans, type Scale } from './compare-means.ts';
import { type Arm, type Estimate, type Test, withoutTest } from './estimate.ts';
import { type Counts, fisherExact } from './fisher.ts';
import { newcombeDeviations, newcombeInterval } from './newcombe.ts';
import { tTest } from './t-test.ts';

/** The smallest count of successes and of failures for which the t test describes a proportion. */
const MIN_CELL = 5;

/**
 * Compares two proportions by Welch's t test. If a count of successes or failures is below 5, the
 * absolute interval is Newcombe's, the p-value is Fisher's, and the status is `ok-small-counts`. R. G.
 * Newcombe, Statistics in Medicine 17 (1998); R. A. Fisher, Journal of the Royal Statistical Society 85
 * (1922).
 */
export function compareProportions(
  control: Counts,
  treatment: Counts,
  scale: Scale,
  test: Test,
): Estimate {
  const method = scale === 'absolute' ? 'welch' : 'delta';
  if (!(control.n >= 2 && treatment.n >= 2)) return withoutTest('too-few', method);
  if (!isPossible(control) || !isPossible(treatment)) return withoutTest('impossible', method);
  const armC = proportionArm(control);
  const armT = proportionArm(treatment);
  const reason = unfit(armC, armT);
  if (reason !== undefined) return withoutTest(reason, method);
  const estimate = compareMeans(armC, armT, scale, test);
  if (!hasSmallCells(control, treatment)) return estimate;
  if (scale === 'relative' && test.against !== undefined) {
    return { ...estimate, status: small(estimate) };
  }
  const { degreesOfFreedom } = estimate;
  const tested = smallCountTest(control, treatment, test, degreesOfFreedom);
  if (scale === 'relative') return { ...estimate, ...tested, status: small(estimate) };
  return {
    ...estimate,
    ...tested,
    estimate: armT.mean - armC.mean,
    status: small(estimate),
    interval: newcombeInterval(control, treatment, test),
    method: 'newcombe',
  };
}

/**
 * Tests by Fisher's exact test; against another value than 0 by Newcombe's interval, whose deviations are given
 * as the t statistic with the same p-value.
 */
function smallCountTest(
  control: Counts,
  treatment: Counts,
  { against, alternative }: Test,
  degreesOfFreedom: number | null,
): Partial<Pick<Estimate, 'statistic'>> & Pick<Estimate, 'pValue' | 'lnPValue'> {
  if (against === undefined) {
    const { pValue, lnPValue } = fisherExact(control, treatment, alternative);
    return { pValue, lnPValue };
  }
  const z = newcombeDeviations(control, treatment, against);
  return {
    statistic: Math.sign(z) * tDeviations(Math.abs(z), degreesOfFreedom),
    ...tTest(z, Number.POSITIVE_INFINITY, alternative),
  };
}

/** The smallest tail that is turned into deviations of t, whose square is then still a number. */
const MIN_TAIL = 1e-100;

/** Returns the deviations of t with the tail of normal deviations. */
function tDeviations(z: number, degreesOfFreedom: number | null): number {
  if (degreesOfFreedom === null) return z;
  return -tQuantile(Math.max(normalTail(z), MIN_TAIL), degreesOfFreedom);
}

/** Returns the arm of a proportion: the variance of one unit is p (1 − p). */
export function proportionArm({ n, successes }: Counts): Arm {
  const rate = n > 0 ? successes / n : 0;
  return { n, mean: rate, variance: rate * (1 - rate) };
}

/** Returns true if a count of successes or failures is below 5. */
export function hasSmallCells(...arms: readonly Counts[]): boolean {
  return arms.some(({ n, successes }) => Math.min(successes, n - successes) < MIN_CELL);
}

/** An estimate that has an interval keeps its warning about the baseline. */
function small({ status }: Estimate): Estimate['status'] {
  return status === 'ok' ? 'ok-small-counts' : status;
}

function isPossible({ n, successes }: Counts): boolean {
  return (
    Number.isSafeInteger(n) && Number.isSafeInteger(successes) && successes >= 0 && successes <= n
  );
}
