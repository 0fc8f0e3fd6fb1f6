import { normalQuantile } from '../distributions/normal.ts';
import { shareInterval } from '../split/share-interval.ts';
import type { Range, Test } from './estimate.ts';
import type { Counts } from './fisher.ts';
import { openEnds } from './t-test.ts';

/**
 * Returns the interval of the difference of two rates from their Wilson intervals, which is right for
 * small counts and for rates of 0 and 1. R. G. Newcombe, "Interval estimation for the difference between
 * independent proportions", method 10, Statistics in Medicine 17 (1998).
 *
 * @param control at least one unit
 * @param treatment at least one unit
 */
export function newcombeInterval(control: Counts, treatment: Counts, test: Test): Range {
  const { alternative, alpha } = test;
  const deviations = -normalQuantile(alternative === 'two-sided' ? alpha / 2 : alpha);
  return openEnds(limitsAt(control, treatment, deviations), alternative);
}

/** More deviations than any p-value has: its logarithm would be below −20,000. */
const MAX_DEVIATIONS = 200;

/**
 * Returns the normal deviations at which an end of {@link newcombeInterval} reaches a difference. They are
 * positive above the difference, negative below.
 *
 * @param against a difference of rates
 */
export function newcombeDeviations(control: Counts, treatment: Counts, against: number): number {
  const [estimate] = limitsAt(control, treatment, 0);
  const side = estimate < against ? -1 : 1;
  let low = 0;
  let high = MAX_DEVIATIONS;
  // Each half takes a binary digit, of which a number has 53.
  for (let i = 0; i < 64; i++) {
    const middle = (low + high) / 2;
    const [lower, upper] = limitsAt(control, treatment, middle);
    const isExcluded = side > 0 ? lower > against : upper < against;
    if (isExcluded) low = middle;
    else high = middle;
  }
  return side * low;
}

/** Returns the limits of the difference at a number of normal deviations. */
function limitsAt(control: Counts, treatment: Counts, deviations: number): Range {
  const rateC = control.successes / control.n;
  const rateT = treatment.successes / treatment.n;
  const c = shareInterval(control.successes, control.n, deviations);
  const t = shareInterval(treatment.successes, treatment.n, deviations);
  const difference = rateT - rateC;
  return [
    difference - Math.hypot(rateT - t.low, c.high - rateC),
    difference + Math.hypot(t.high - rateT, rateC - c.low),
  ];
}
