import * as fc from 'fast-check';
import { differenceVariance } from '../../../src/stats/effects/arm-pair.ts';
import { compareMeans, comparePair } from '../../../src/stats/effects/compare-means.ts';
import { cupedAdjust, cupedTheta } from '../../../src/stats/effects/cuped.ts';
import { deltaLift } from '../../../src/stats/effects/delta-lift.ts';
import type { Arm } from '../../../src/stats/effects/estimate.ts';
import { fiellerInterval } from '../../../src/stats/effects/fieller.ts';
import { linearised } from '../../../src/stats/effects/linearise.ts';
import { ratioArm } from '../../../src/stats/effects/ratio-arm.ts';
import { criticalValue } from '../../../src/stats/effects/t-test.ts';
import { momentsOf } from '../../../src/stats/moments/moments-of.ts';
import { runs } from '../../runs.ts';

type Unit = readonly [post: number, pre: number];

const test = { alternative: 'two-sided', alpha: 0.05 } as const;
const noise = fc.double({ min: -10, max: 10, noNaN: true });
/** Units whose value before the exposure has something to do with the one after it. */
const units: fc.Arbitrary<Unit[]> = fc.array(
  fc.tuple(noise, noise).map(([x, e]): Unit => [20 + x + e, x]),
  { minLength: 5, maxLength: 40 },
);
const positive = fc.double({ min: 0.5, max: 10, noNaN: true });
const shares = fc.array(fc.tuple(positive, positive, positive, positive), {
  minLength: 3,
  maxLength: 40,
});

function armOf(values: readonly number[]): Arm {
  const { n, means, covariances } = momentsOf(values.map((value) => [value]));
  return { n, mean: means[0] ?? 0, variance: covariances[0]?.[0] ?? 0 };
}

function relativeError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / (Math.abs(expected) + 1e-6);
}

describe('cupedAdjust', () => {
  it('gives the test of the values that are adjusted unit by unit', () => {
    fc.assert(
      fc.property(units, units, (control, treatment) => {
        const [c, t] = [momentsOf(control), momentsOf(treatment)];
        const theta = cupedTheta([c, t]);
        const adjusted = (all: readonly Unit[]): Arm => armOf(all.map(([y, x]) => y - theta * x));
        const one = comparePair(cupedAdjust(c, t, theta), 'absolute', test);
        const other = compareMeans(adjusted(control), adjusted(treatment), 'absolute', test);
        fc.pre(other.status === 'ok' && (other.standardError ?? 0) > 0.01);
        expect(relativeError(one.estimate ?? Number.NaN, other.estimate ?? 0)).toBeLessThan(1e-6);
        expect(one.standardError).toBeCloseTo(other.standardError ?? 0, 8);
        expect(one.pValue).toBeCloseTo(other.pValue ?? -1, 6);
      }),
      { numRuns: runs(500) },
    );
  });

  it('gives the variance of the lift that the gradient gives', () => {
    fc.assert(
      fc.property(units, units, (control, treatment) => {
        const [c, t] = [momentsOf(control), momentsOf(treatment)];
        const theta = cupedTheta([c, t]);
        const lift = ([yT = 0, xT = 0, yC = 0, xC = 0]: readonly number[]): number =>
          (yT - yC - theta * (xT - xC)) / yC;
        const at = [...t.means, ...c.means];
        const gradient = at.map((_, i) => {
          const shifted = (step: number) => at.map((mean, j) => (i === j ? mean + step : mean));
          return (lift(shifted(1e-4)) - lift(shifted(-1e-4))) / 2e-4;
        });
        const quadratic = (arm: typeof c, [a = 0, b = 0]: readonly number[]): number => {
          const [[yy = 0, yx = 0] = [], [, xx = 0] = []] = arm.covariances;
          return (a * a * yy + 2 * a * b * yx + b * b * xx) / arm.n;
        };
        const variance = quadratic(t, gradient.slice(0, 2)) + quadratic(c, gradient.slice(2));
        fc.pre(variance > 1e-6);
        const { standardError } = deltaLift(cupedAdjust(c, t, theta), test);
        expect(relativeError((standardError ?? 0) ** 2, variance)).toBeLessThan(1e-4);
      }),
      { numRuns: runs(500) },
    );
  });
});

describe('fiellerInterval', () => {
  it('ends where the difference to a multiple of the control is at the limit of the test', () => {
    fc.assert(
      fc.property(units, units, fc.boolean(), (control, treatment, isAdjusted) => {
        const [c, t] = [momentsOf(control), momentsOf(treatment)];
        const pair = cupedAdjust(c, t, isAdjusted ? cupedTheta([c, t]) : 0);
        const { interval } = fiellerInterval(pair, test);
        fc.pre(interval !== null && pair.means.treatment > 1e-6 && pair.means.control > 1e-6);
        const { degreesOfFreedom } = differenceVariance(pair.control, pair.treatment);
        const limit = criticalValue(test, degreesOfFreedom);
        for (const lift of interval ?? []) {
          const r = lift + 1;
          const { control: varianceC, treatment: varianceT, covariance } = pair.means;
          const variance = varianceT - 2 * r * covariance + r ** 2 * varianceC;
          const distance = Math.abs(pair.treatment.mean - r * pair.control.mean);
          expect(distance).toBeCloseTo(limit * Math.sqrt(Math.max(0, variance)), 4);
        }
      }),
      { numRuns: runs(500) },
    );
  });
});

describe('ratioArm and linearised', () => {
  it('have the variances of the residuals of units', () => {
    fc.assert(
      fc.property(shares, (rows) => {
        const moments = momentsOf(rows);
        const [numerator = 0, denominator = 1, preNumerator = 0, preDenominator = 1] =
          moments.means;
        const residuals = rows.map(([n, d, pn, pd]) => [
          (n - (numerator / denominator) * d) / denominator,
          (pn - (preNumerator / preDenominator) * pd) / preDenominator,
        ]);
        const expected = momentsOf(residuals).covariances;
        const found = linearised(moments)?.covariances;
        for (const [i, row] of expected.entries()) {
          for (const [j, value] of row.entries()) expect(found?.[i]?.[j]).toBeCloseTo(value, 9);
        }
        const two = momentsOf(rows.map(([n, d]) => [n, d]));
        expect(ratioArm(two).variance).toBeCloseTo(expected[0]?.[0] ?? Number.NaN, 9);
        expect(ratioArm(two).mean).toBeCloseTo(numerator / denominator, 12);
      }),
      { numRuns: runs(500) },
    );
  });

  it('have no denominator if it adds up to 0', () => {
    const moments = momentsOf([
      [1, 0, 1, 1],
      [2, 0, 3, 1],
    ]);
    expect(ratioArm(moments).status).toBe('no-denominator');
    expect(linearised(moments)).toBeUndefined();
  });

  it('ignore a ratio before the exposure that has no denominator', () => {
    const moments = momentsOf([
      [1, 2, 0, 0],
      [2, 3, 0, 0],
    ]);
    expect(linearised(moments)?.covariances[1]).toEqual([0, 0]);
  });
});
