import { compareMeans } from '../../../src/stats/effects/compare-means.ts';
import { compareProportions } from '../../../src/stats/effects/compare-proportions.ts';
import type { Arm } from '../../../src/stats/effects/estimate.ts';
import type { Design } from '../../../src/stats/power/design.ts';
import { detectableLift } from '../../../src/stats/power/detectable-lift.ts';
import type { PlannedTest } from '../../../src/stats/power/planned-test.ts';
import { power } from '../../../src/stats/power/power.ts';
import { unitsNeeded } from '../../../src/stats/power/units-needed.ts';
import { sequentialHalfWidth } from '../../../src/stats/sequential/confidence-sequence.ts';
import { createRandom } from '../random.ts';

/** The experiments of each simulation: the standard deviation of a share of 0.8 is then 0.009. */
const EXPERIMENTS = 2000;

/** Four standard deviations. */
const TOLERANCE = 0.036;

const TWO_SIDED: PlannedTest = {
  alternative: 'two-sided',
  alpha: 0.05,
  width: { method: 'fixed' },
};

/** Returns the share of simulated experiments for which `isFound` holds. */
function shareOf(isFound: () => boolean): number {
  let found = 0;
  for (let i = 0; i < EXPERIMENTS; i++) if (isFound()) found++;
  return found / EXPERIMENTS;
}

/** Returns an arm whose units have values of an exponential distribution, which is far from normal. */
function exponentialArm(random: () => number, n: number, mean: number): Arm {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const value = -mean * Math.log(1 - random());
    sum += value;
    squares += value ** 2;
  }
  return { n, mean: sum / n, variance: (squares - sum ** 2 / n) / (n - 1) };
}

function successes(random: () => number, n: number, rate: number): number {
  let count = 0;
  for (let i = 0; i < n; i++) if (random() < rate) count++;
  return count;
}

describe('the computed power, in simulated experiments', () => {
  it('is that of a proportion with unequal shares, for the units of the plan', () => {
    const rate = 0.3;
    const lift = 0.2;
    const design: Design = {
      baseline: { value: rate, variance: 'rate' },
      treatmentPerControl: 0.5,
      test: TWO_SIDED,
    };
    const n = Math.ceil(unitsNeeded(design, lift, 0.8) ?? 0);
    const random = createRandom(1);
    const share = shareOf(() => {
      const control = { n, successes: successes(random, n, rate) };
      const m = Math.round(n / 2);
      const treatment = { n: m, successes: successes(random, m, rate * (1 + lift)) };
      const { pValue } = compareProportions(control, treatment, 'absolute', TWO_SIDED);
      return pValue !== null && pValue < 0.05;
    });
    expect(Math.abs(share - 0.8)).toBeLessThan(TOLERANCE);
  });

  it('is that of a mean, for the detectable lift of the units', () => {
    const n = 1000;
    const test: PlannedTest = { ...TWO_SIDED, alternative: 'greater' };
    // The treatment's values vary more, so that its own variance is planned: the mean of both.
    const guess: Design = { baseline: { value: 1, variance: 1.1 }, treatmentPerControl: 1, test };
    const lift = detectableLift(guess, n, 0.9) ?? 0;
    const variance = (1 + (1 + lift) ** 2) / 2;
    const expected = power({ ...guess, baseline: { value: 1, variance } }, lift, n);
    const random = createRandom(2);
    const share = shareOf(() => {
      const control = exponentialArm(random, n, 1);
      const treatment = exponentialArm(random, n, 1 + lift);
      const { pValue } = compareMeans(control, treatment, 'absolute', test);
      return pValue !== null && pValue < 0.05;
    });
    expect(Math.abs(share - expected)).toBeLessThan(TOLERANCE);
  });

  it('is that of the sequence at one look', () => {
    const n = 1500;
    const alpha = 0.05;
    const tuning = 2 * n;
    const lift = 0.15;
    const design: Design = {
      baseline: { value: 1, variance: (1 + (1 + lift) ** 2) / 2 },
      treatmentPerControl: 1,
      test: { alternative: 'two-sided', alpha, width: { method: 'sequential', tuning } },
    };
    const random = createRandom(3);
    const share = shareOf(() => {
      const { estimate, standardError } = compareMeans(
        exponentialArm(random, n, 1),
        exponentialArm(random, n, 1 + lift),
        'absolute',
        TWO_SIDED,
      );
      if (estimate === null || standardError === null) return false;
      const half = sequentialHalfWidth({ standardError, n: 2 * n }, { alpha, tuning });
      return Math.abs(estimate) > half;
    });
    const expected = power(design, lift, n);
    expect(expected).toBeGreaterThan(0.5);
    expect(Math.abs(share - expected)).toBeLessThan(TOLERANCE);
  });
});
