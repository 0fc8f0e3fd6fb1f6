import * as fc from 'fast-check';
import { betaQuantile } from '../../../src/stats/distributions/beta.ts';
import { lnChiSquareTail } from '../../../src/stats/distributions/chi-square.ts';
import {
  lnNormalTail,
  normalCdf,
  normalQuantile,
  normalTail,
} from '../../../src/stats/distributions/normal.ts';
import { lnTTail, tQuantile, tTail } from '../../../src/stats/distributions/student-t.ts';
import { runs } from '../../runs.ts';

function relativeError(actual: number, expected: number): number {
  return Math.abs(actual - expected) / Math.abs(expected);
}

// Made with mpmath 1.3.0: the densities integrated with 40 digits, and closed forms.
describe('logarithms of tails', () => {
  it.each([
    [3, 10_000_000, -6.60772375918778],
    [40, 998, -481.54553584907],
    [38, 100_000, -721.386855139633],
    [40, 999_999, -803.968324110906],
    [40, 1_000_001, -803.968325389777],
    [50, 30_000, -1205.4319631953829],
    [74.43, 1.99e9, -2775.13757117976],
    [500, 2_000_000, -117_790.110315622],
    [900, 1_000_000, -296_670.8473102256],
    [1500, 2_000_000, -753_779.657649969],
    [1e200, 2, -921.7271843781782],
    [1e300, 1, -691.9202577840631],
  ])('are right for t = %d with %d degrees of freedom', (t, df, ln) => {
    expect(relativeError(lnTTail(t, df), ln)).toBeLessThan(1e-12);
  });

  it.each([
    [-8, -6.220960574271786e-16],
    [-1, -0.17275377902344988],
    [0, -Math.LN2],
    [29.9, -451.3229124585286],
    [30.1, -457.32956441638225],
    [38, -726.5572160188201],
    [100_000, -5_000_000_012.431864],
  ])('are right for a normal deviation of %d', (z, ln) => {
    expect(relativeError(lnNormalTail(z), ln)).toBeLessThan(1e-12);
  });

  it.each([
    [1818, 1, -912.9790867906622],
    [1330, 3, -661.6285732084866],
    [1400, 2, -700],
    [3000, 100, -1286.1847560848298],
    [5000, 900, -1283.831396648391],
    [20_000, 1000, -8009.104822235532],
    [1e12, 1, -500_000_000_014.0413],
  ])('are right for a chi-square of %d with %d degrees of freedom', (statistic, df, ln) => {
    expect(relativeError(lnChiSquareTail(statistic, df), ln)).toBeLessThan(1e-12);
  });

  it('are those of the tails where these are not 0', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -20, max: 20, noNaN: true }),
        fc.double({ min: 1, max: 1e7, noNaN: true }),
        (t, df) => {
          expect(relativeError(Math.exp(lnTTail(t, df)), tTail(t, df))).toBeLessThan(1e-12);
          expect(relativeError(Math.exp(lnNormalTail(t)), normalTail(t))).toBeLessThan(1e-12);
        },
      ),
      { numRuns: runs(1000) },
    );
  });
});

describe('quantiles', () => {
  const tail = fc.double({ min: -300, max: Math.log10(0.5), noNaN: true }).map((x) => 10 ** x);

  it('invert the tails', () => {
    fc.assert(
      fc.property(tail, fc.double({ min: 1, max: 1e7, noNaN: true }), (p, df) => {
        // A change of one digit in z changes p by z² digits.
        expect(relativeError(normalTail(-normalQuantile(p)), p)).toBeLessThan(1e-9);
        fc.pre(p > 1e-100);
        expect(relativeError(tTail(-tQuantile(p, df), df), p)).toBeLessThan(1e-8);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('are symmetrical', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 0.5, noNaN: true }), (p) => {
        expect(normalQuantile(1 - p) + normalQuantile(p)).toBeCloseTo(0, 9);
        expect(tQuantile(1 - p, 7) + tQuantile(p, 7)).toBeCloseTo(0, 9);
        expect(betaQuantile(1 - p, 3, 8) + betaQuantile(p, 8, 3)).toBeCloseTo(1, 9);
      }),
      { numRuns: runs(500) },
    );
  });

  it.each([-1, 0, 1, 2])('of the share %d are the ends of the distribution', (p) => {
    const end = p <= 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    expect(normalQuantile(p)).toBe(end);
    expect(tQuantile(p, 5)).toBe(end);
    expect(betaQuantile(p, 2, 3)).toBe(p <= 0 ? 0 : 1);
  });
});

describe('tails', () => {
  it.each([1, 30, 999_999, 1_000_001, Number.POSITIVE_INFINITY])(
    'are 0 and 1 at the ends with %d degrees of freedom',
    (df) => {
      expect(tTail(Number.POSITIVE_INFINITY, df)).toBe(0);
      expect(tTail(Number.NEGATIVE_INFINITY, df)).toBe(1);
      expect(lnTTail(Number.POSITIVE_INFINITY, df)).toBe(Number.NEGATIVE_INFINITY);
      expect(Math.abs(lnTTail(Number.NEGATIVE_INFINITY, df))).toBe(0);
    },
  );

  it('and distribution functions add up to 1', () => {
    for (const z of [-3, 0, 0.1, 2]) expect(normalCdf(z) + normalTail(z)).toBeCloseTo(1, 15);
    expect(normalCdf(-37)).toBeGreaterThan(0);
    expect(lnNormalTail(Number.POSITIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
  });
});
