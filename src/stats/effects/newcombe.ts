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
  const rateC = control.successes / control.n;
  const rateT = treatment.successes / treatment.n;
  const c = shareInterval(control.successes, control.n, deviations);
  const t = shareInterval(treatment.successes, treatment.n, deviations);
  const difference = rateT - rateC;
  return openEnds(
    [
      difference - Math.hypot(rateT - t.low, c.high - rateC),
      difference + Math.hypot(t.high - rateT, rateC - c.low),
    ],
    alternative,
  );
}
