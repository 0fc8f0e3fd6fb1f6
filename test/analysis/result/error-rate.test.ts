import { lookOf } from '../../../src/analysis/result/look.ts';
import { normalTail } from '../../../src/stats/distributions/normal.ts';
import { confidenceSequence } from '../../../src/stats/sequential/confidence-sequence.ts';
import { SEED } from '../../seed.ts';
import { createRandom } from '../../stats/random.ts';
import { plan, planned } from './build.ts';

/** The units that arrive a day. */
const A_DAY = 300;
/** The days until the planned end, and those of all looks. */
const PLANNED = 28;
const ALL = 4 * PLANNED;
const EXPERIMENTS = 4000;

const PLAN = plan([planned('sum')]);

const random = createRandom(SEED);
const normal = (): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** The looks of an experiment, one a day. */
const looks = Array.from({ length: ALL }, (_, i) => {
  const units = A_DAY * (i + 1);
  return { units, ...lookOf(PLAN, units, { plannedUnits: A_DAY * PLANNED }) };
});

/** Returns the days of an A/A test on which its result is significant. */
function alarmDays(): number[] {
  let sum = 0;
  return looks.flatMap(({ units: n, method, alpha, tuning }, i) => {
    // Differences of days add up to a random walk.
    sum += normal();
    const estimate = sum / Math.sqrt(i + 1);
    const { pValue } =
      method === 'fixed'
        ? { pValue: 2 * normalTail(Math.abs(estimate)) }
        : confidenceSequence({ estimate, standardError: 1, n }, { alpha, tuning });
    return pValue < alpha ? [i + 1] : [];
  });
}

it('has at most 5% false alarms though people look daily, long after the planned units', () => {
  const alarms = Array.from({ length: EXPERIMENTS }, alarmDays);
  const shareOf = (days: number): number =>
    alarms.filter((found) => found.some((day) => day <= days)).length / EXPERIMENTS;
  // 2.7% and 3.8% in 40,000 experiments; four standard errors on each side.
  expect(shareOf(PLANNED)).toBeGreaterThan(0.017);
  expect(shareOf(PLANNED)).toBeLessThan(0.037);
  expect(shareOf(ALL)).toBeGreaterThan(0.026);
  expect(shareOf(ALL)).toBeLessThan(0.05);
});
