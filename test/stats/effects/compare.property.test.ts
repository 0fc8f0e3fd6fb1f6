import * as fc from 'fast-check';
import { independentPair } from '../../../src/stats/effects/arm-pair.ts';
import { compareMeans, comparePair } from '../../../src/stats/effects/compare-means.ts';
import { compareProportions } from '../../../src/stats/effects/compare-proportions.ts';
import {
  cupedAdjust,
  cupedRatioTheta,
  cupedTheta,
  varianceReduction,
} from '../../../src/stats/effects/cuped.ts';
import { deltaLift } from '../../../src/stats/effects/delta-lift.ts';
import type { Estimate } from '../../../src/stats/effects/estimate.ts';
import { fiellerInterval } from '../../../src/stats/effects/fieller.ts';
import { linearised } from '../../../src/stats/effects/linearise.ts';
import { designEffect, quantileArm } from '../../../src/stats/effects/quantile-arm.ts';
import { ratioArm } from '../../../src/stats/effects/ratio-arm.ts';
import { relativeLift } from '../../../src/stats/effects/relative-lift.ts';
import type { Moments } from '../../../src/stats/moments/moments.ts';
import { runs } from '../../runs.ts';
import {
  anyArm,
  anyCount,
  anyMoments,
  anyNumber,
  anyTest,
  ordinaryArm,
  pathsOfNaN,
} from '../arbitraries.ts';

const scale = fc.constantFrom('absolute' as const, 'relative' as const);
const twoSided = { alternative: 'two-sided', alpha: 0.05 } as const;
const counts = anyCount.chain((n) =>
  fc.record({
    n: fc.constant(n),
    successes: fc.maxSafeNat().map((k) => (n === 0 ? 0 : k % (n + 1))),
  }),
);
const ordinaryMoments: fc.Arbitrary<Moments> = fc
  .tuple(ordinaryArm, ordinaryArm, fc.double({ min: -0.99, max: 0.99, noNaN: true }))
  .map(([post, pre, correlation]) => {
    const covariance = correlation * Math.sqrt(post.variance * pre.variance);
    return {
      n: post.n,
      means: [post.mean, pre.mean],
      covariances: [
        [post.variance, covariance],
        [covariance, pre.variance],
      ],
    };
  });

function check(property: fc.IPropertyWithHooks<never>, count = 2000): void {
  fc.assert(property as fc.IProperty<never>, { numRuns: runs(count) });
}

/** Returns what no estimate may be. */
function flawsOf(estimate: Estimate): string[] {
  const { pValue, lnPValue, interval, status } = estimate;
  const flaws = {
    'a p-value out of [0, 1]': pValue !== null && !(pValue >= 0 && pValue <= 1),
    'a positive logarithm': lnPValue !== null && !(lnPValue <= 0),
    'an interval upside down': interval !== null && !(interval[0] <= interval[1]),
    'no interval': status.startsWith('ok') && interval === null,
  };
  return [
    ...pathsOfNaN(estimate).map((path) => `NaN in ${path}`),
    ...Object.keys(flaws).filter((flaw) => flaws[flaw as keyof typeof flaws]),
  ];
}

describe('compareMeans', () => {
  it('returns no NaN for any arms', () => {
    check(
      fc.property(anyArm, anyArm, scale, anyTest, (control, treatment, on, test) => {
        expect(flawsOf(compareMeans(control, treatment, on, test))).toEqual([]);
      }) as never,
    );
  });

  it('has an interval that contains the estimate, on both scales', () => {
    check(
      fc.property(ordinaryArm, ordinaryArm, scale, anyTest, (control, treatment, on, test) => {
        const { estimate, interval } = compareMeans(control, treatment, on, test);
        if (interval === null || estimate === null) return;
        const slack = 1e-9 * Math.max(1, Math.abs(estimate));
        expect(interval[0]).toBeLessThanOrEqual(estimate + slack);
        expect(interval[1]).toBeGreaterThanOrEqual(estimate - slack);
      }) as never,
    );
  });

  it('gives the same p-value for a difference and its opposite', () => {
    check(
      fc.property(ordinaryArm, ordinaryArm, (a, b) => {
        const one = compareMeans(a, b, 'absolute', twoSided);
        const other = compareMeans(b, a, 'absolute', twoSided);
        expect(other.pValue).toBeCloseTo(one.pValue ?? -1, 12);
        expect((other.estimate ?? Number.NaN) + (one.estimate ?? Number.NaN)).toBe(0);
        const greater = compareMeans(a, b, 'absolute', { ...twoSided, alternative: 'greater' });
        const less = compareMeans(b, a, 'absolute', { ...twoSided, alternative: 'less' });
        expect(less.pValue).toBeCloseTo(greater.pValue ?? -1, 12);
      }) as never,
    );
  });

  it('gives the lift the sign of the difference', () => {
    check(
      fc.property(ordinaryArm, ordinaryArm, (control, treatment) => {
        const absolute = compareMeans(control, treatment, 'absolute', twoSided).estimate;
        const relative = compareMeans(control, treatment, 'relative', twoSided).estimate;
        if (relative === null || absolute === null) return;
        expect(Math.sign(relative)).toBe(Math.sign(absolute));
      }) as never,
    );
  });

  it('has one p-value for both scales', () => {
    check(
      fc.property(ordinaryArm, ordinaryArm, anyTest, (control, treatment, test) => {
        const absolute = compareMeans(control, treatment, 'absolute', test);
        const relative = compareMeans(control, treatment, 'relative', test);
        if (relative.status === 'no-baseline') return;
        expect(relative.pValue).toBe(absolute.pValue);
      }) as never,
    );
  });

  it('excludes 0 from the interval exactly if p is below alpha', () => {
    check(
      fc.property(ordinaryArm, ordinaryArm, anyTest, (control, treatment, test) => {
        const { pValue, interval } = compareMeans(control, treatment, 'absolute', test);
        if (interval === null || pValue === null) return;
        if (Math.abs(pValue - test.alpha) < 1e-9) return;
        expect(interval[0] > 0 || interval[1] < 0).toBe(pValue < test.alpha);
      }) as never,
    );
  });

  it('keeps the difference at a mean of 1e9 and a deviation of 1', () => {
    const control = { n: 1000, mean: 1e9, variance: 1 };
    const treatment = { n: 1000, mean: 1e9 + 1, variance: 1 };
    const { estimate, standardError } = compareMeans(control, treatment, 'absolute', twoSided);
    expect(estimate).toBe(1);
    expect(standardError).toBeCloseTo(Math.sqrt(0.002), 12);
  });

  it.each([
    [{ n: 1, mean: 1, variance: 0 }, 'too-few'],
    [{ n: 0, mean: 0, variance: 0 }, 'too-few'],
    [{ n: Number.NaN, mean: 0, variance: 1 }, 'too-few'],
    [{ n: 10, mean: 1, variance: 0 }, 'no-variance'],
    [{ n: 10, mean: Number.NaN, variance: 1 }, 'impossible'],
    [{ n: 10, mean: 1, variance: -1 }, 'impossible'],
    [{ n: 10, mean: 1, variance: Number.POSITIVE_INFINITY }, 'impossible'],
  ])('reports %j against a constant as %s', (treatment, status) => {
    const control = { n: 10, mean: 2, variance: 0 };
    for (const on of ['absolute', 'relative'] as const) {
      const estimate = compareMeans(control, treatment, on, twoSided);
      expect(estimate.status).toBe(status);
      expect(estimate.pValue).toBeNull();
    }
  });

  it('reports a control mean of 0 as no baseline', () => {
    const control = { n: 100, mean: 0, variance: 1 };
    const treatment = { n: 100, mean: 1, variance: 1 };
    const lift = compareMeans(control, treatment, 'relative', twoSided);
    expect(lift).toMatchObject({ status: 'no-baseline', estimate: null, interval: null });
  });
});

describe('relativeLift', () => {
  it('uses the delta method from 10 standard errors on, and Fieller below', () => {
    const treatment = { n: 100, mean: 11, variance: 100 };
    const at = (mean: number): Estimate =>
      relativeLift(independentPair({ n: 100, mean, variance: 100 }, treatment), twoSided);
    expect(at(10)).toMatchObject({ method: 'delta', status: 'ok' });
    expect(at(9.9)).toMatchObject({ method: 'fieller', status: 'ok' });
    expect(at(2.5)).toMatchObject({ method: 'fieller', status: 'ok-baseline-near-zero' });
    expect(at(1.5)).toMatchObject({ method: 'fieller', status: 'unbounded', interval: null });
  });

  it('is unbounded for a control mean that is 0 up to rounding', () => {
    const control = { n: 100, mean: 1e-300, variance: 1 };
    const treatment = { n: 100, mean: 1, variance: 1 };
    const lift = compareMeans(control, treatment, 'relative', twoSided);
    expect(lift).toMatchObject({ status: 'unbounded', interval: null });
    expect(lift.pValue).toBeLessThan(1e-9);
  });

  it('has nearly equal intervals by both methods far from 0', () => {
    check(
      fc.property(ordinaryArm, ordinaryArm, anyTest, (control, treatment, test) => {
        const pair = independentPair(control, treatment);
        // With one or two degrees of freedom, the critical values of small α are in the hundreds.
        fc.pre(control.n >= 10 && treatment.n >= 10);
        fc.pre(Math.abs(control.mean) > 1000 * Math.sqrt(control.variance / control.n));
        const delta = deltaLift(pair, test);
        const { interval } = fiellerInterval(pair, test);
        for (const i of [0, 1] as const) {
          const [a, b] = [delta.interval?.[i] ?? 0, interval?.[i] ?? 0];
          const distance = a === b ? 0 : Math.abs(a - b);
          expect(distance).toBeLessThanOrEqual(0.02 * (delta.standardError ?? 0) + 1e-12);
        }
      }) as never,
      300,
    );
  });
});

describe('compareProportions', () => {
  it('returns no NaN for any counts', () => {
    check(
      fc.property(counts, counts, scale, anyTest, (control, treatment, on, test) => {
        expect(flawsOf(compareProportions(control, treatment, on, test))).toEqual([]);
      }) as never,
    );
  });

  it('gives the same p-value for a difference and its opposite', () => {
    check(
      fc.property(counts, counts, (a, b) => {
        // Beyond, two tables are equally likely up to rounding, so they count or not.
        fc.pre(Math.max(a.n, b.n) <= 1e9);
        const one = compareProportions(a, b, 'absolute', twoSided);
        const other = compareProportions(b, a, 'absolute', twoSided);
        if (one.pValue === null) return;
        expect(other.pValue).toBeCloseTo(one.pValue, 9);
      }) as never,
    );
  });

  it.each([
    [{ n: 10, successes: 11 }],
    [{ n: 10, successes: -1 }],
    [{ n: 10, successes: Number.NaN }],
    [{ n: 10.5, successes: 2 }],
  ])('reports impossible counts: %j', (treatment) => {
    const { status } = compareProportions({ n: 10, successes: 5 }, treatment, 'absolute', twoSided);
    expect(status).toBe('impossible');
  });
});

describe('cupedAdjust', () => {
  it('changes nothing if the covariance is 0 and the values before are equal', () => {
    check(
      fc.property(ordinaryMoments, ordinaryMoments, scale, anyTest, (a, b, on, test) => {
        const independent = ({ n, means, covariances }: Moments): Moments => ({
          n,
          means: [means[0] ?? 0, 5],
          covariances: [
            [covariances[0]?.[0] ?? 0, 0],
            [0, covariances[1]?.[1] ?? 0],
          ],
        });
        const [control, treatment] = [independent(a), independent(b)];
        const theta = cupedTheta([control, treatment]);
        expect(Math.abs(theta)).toBe(0);
        const arm = ({ n, means, covariances }: Moments) => ({
          n,
          mean: means[0] ?? 0,
          variance: covariances[0]?.[0] ?? 0,
        });
        expect(comparePair(cupedAdjust(control, treatment, theta), on, test)).toEqual(
          compareMeans(arm(control), arm(treatment), on, test),
        );
        expect(Math.abs(varianceReduction(control, treatment, theta))).toBe(0);
      }) as never,
      300,
    );
  });

  it('keeps the control mean for any theta', () => {
    check(
      fc.property(ordinaryMoments, ordinaryMoments, (control, treatment) => {
        const theta = cupedTheta([control, treatment]);
        expect(cupedAdjust(control, treatment, theta).control.mean).toBe(control.means[0]);
      }) as never,
      300,
    );
  });

  it('returns no NaN for any moments', () => {
    check(
      fc.property(anyMoments(2), anyMoments(2), scale, anyTest, (control, treatment, on, test) => {
        const theta = cupedTheta([control, treatment]);
        expect(theta).not.toBeNaN();
        expect(flawsOf(comparePair(cupedAdjust(control, treatment, theta), on, test))).toEqual([]);
        expect(varianceReduction(control, treatment, theta)).not.toBeNaN();
      }) as never,
    );
  });

  it('returns no NaN for any moments of ratios', () => {
    check(
      fc.property(anyMoments(4), anyMoments(4), scale, anyTest, (a, b, on, test) => {
        const [control, treatment] = [linearised(a), linearised(b)];
        if (control === undefined || treatment === undefined) return;
        const theta = cupedRatioTheta([control, treatment]);
        expect(theta).not.toBeNaN();
        expect(flawsOf(comparePair(cupedAdjust(control, treatment, theta), on, test))).toEqual([]);
      }) as never,
    );
  });
});

describe('ratioArm and quantileArm', () => {
  it('return no NaN in comparisons of any moments', () => {
    check(
      fc.property(anyMoments(2), anyMoments(2), scale, anyTest, (control, treatment, on, test) => {
        expect(flawsOf(compareMeans(ratioArm(control), ratioArm(treatment), on, test))).toEqual([]);
        expect(designEffect(control, 0.5)).not.toBeNaN();
      }) as never,
    );
  });

  it('return no NaN in comparisons of any quantiles', () => {
    const moments = fc.record({
      n: anyCount,
      value: fc.option(anyNumber),
      low: fc.option(anyNumber),
      high: fc.option(anyNumber),
    });
    check(
      fc.property(moments, moments, scale, anyTest, (control, treatment, on, test) => {
        expect(
          flawsOf(compareMeans(quantileArm(control), quantileArm(treatment), on, test)),
        ).toEqual([]);
      }) as never,
    );
  });
});
