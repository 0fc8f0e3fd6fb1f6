import * as fc from 'fast-check';
import { normalQuantile, normalTail } from '../../../src/stats/distributions/normal.ts';
import {
  confidenceSequence,
  DEFAULT_TUNING,
  sequentialHalfWidth,
} from '../../../src/stats/sequential/confidence-sequence.ts';
import { runs } from '../../runs.ts';
import { anyCount, anyNumber, anyTest, pathsOfNaN } from '../arbitraries.ts';

const tuning = fc.integer({ min: 100, max: 1_000_000 });
const n = fc.integer({ min: 2, max: 100_000_000 });

describe('confidenceSequence', () => {
  it('is wider than the fixed interval, and its p-value is larger', () => {
    fc.assert(
      fc.property(
        n,
        tuning,
        anyTest,
        fc.double({ min: -20, max: 20, noNaN: true }),
        (units, N, test, z) => {
          const options = { ...test, tuning: N };
          const fixed = -normalQuantile(
            test.alternative === 'two-sided' ? test.alpha / 2 : test.alpha,
          );
          expect(sequentialHalfWidth({ standardError: 1, n: units }, options)).toBeGreaterThan(
            fixed,
          );
          const { pValue } = confidenceSequence(
            { estimate: z, standardError: 1, n: units },
            options,
          );
          const fixedP = {
            'two-sided': 2 * normalTail(Math.abs(z)),
            greater: normalTail(z),
            less: normalTail(-z),
          }[test.alternative];
          expect(pValue).toBeGreaterThanOrEqual(fixedP);
        },
      ),
      { numRuns: runs(2000) },
    );
  });

  it('excludes 0 exactly if p is below alpha', () => {
    fc.assert(
      fc.property(
        n,
        tuning,
        anyTest,
        fc.double({ min: -20, max: 20, noNaN: true }),
        (units, N, test, z) => {
          const { interval, pValue } = confidenceSequence(
            { estimate: z, standardError: 1, n: units },
            { ...test, tuning: N },
          );
          fc.pre(Math.abs(pValue - test.alpha) > 1e-9);
          expect(interval[0] > 0 || interval[1] < 0).toBe(pValue < test.alpha);
        },
      ),
      { numRuns: runs(2000) },
    );
  });

  it('is symmetrical', () => {
    fc.assert(
      fc.property(n, tuning, fc.double({ min: -20, max: 20, noNaN: true }), (units, N, z) => {
        const at = (estimate: number, alternative: 'two-sided' | 'greater' | 'less') =>
          confidenceSequence(
            { estimate, standardError: 1, n: units },
            { alpha: 0.05, tuning: N, alternative },
          );
        expect(at(-z, 'two-sided').lnPValue).toBe(at(z, 'two-sided').lnPValue);
        expect(at(-z, 'less').lnPValue).toBe(at(z, 'greater').lnPValue);
      }),
      { numRuns: runs(500) },
    );
  });

  it('is 1.55 times as wide as the fixed interval at the planned number of units', () => {
    const options = { alpha: 0.05, tuning: 5000 };
    const times = (units: number): number =>
      sequentialHalfWidth({ standardError: 1, n: units }, options) / 1.959963984540054;
    expect(times(5000)).toBeCloseTo(1.55, 2);
    expect(times(2000)).toBeCloseTo(1.6, 1);
    expect(times(20_000)).toBeCloseTo(1.6, 1);
    expect(times(100_000)).toBeCloseTo(1.7, 1);
    expect(times(500)).toBeCloseTo(2, 1);
  });

  it('is tightest at about the planned number of units', () => {
    const at = (N: number): number =>
      sequentialHalfWidth({ standardError: 1, n: 5000 }, { alpha: 0.05, tuning: N });
    expect(at(5000)).toBeLessThan(at(1000));
    expect(at(5000)).toBeLessThan(at(25_000));
    expect(at(DEFAULT_TUNING)).toBe(
      sequentialHalfWidth({ standardError: 1, n: 5000 }, { alpha: 0.05 }),
    );
  });

  it('keeps p-values below 1e-308 as logarithms', () => {
    for (const alternative of ['two-sided', 'greater'] as const) {
      const { pValue, lnPValue } = confidenceSequence(
        { estimate: 1000, standardError: 1, n: 1e6 },
        { alpha: 0.05, alternative },
      );
      expect(pValue).toBe(0);
      expect(lnPValue).toBeLessThan(-490_000);
      expect(lnPValue).toBeGreaterThan(-500_000);
    }
  });

  it('returns no NaN for any figures', () => {
    fc.assert(
      fc.property(
        anyNumber,
        anyNumber,
        anyCount,
        anyTest,
        (estimate, standardError, units, test) => {
          const sequence = confidenceSequence({ estimate, standardError, n: units }, test);
          expect(pathsOfNaN(sequence)).toEqual([]);
          expect(sequence.pValue).toBeLessThanOrEqual(1);
        },
      ),
      { numRuns: runs(2000) },
    );
  });

  it.each([
    { estimate: 1, standardError: 0, n: 100 },
    { estimate: 1, standardError: 1, n: 0 },
    { estimate: Number.NaN, standardError: 1, n: 10 },
  ])('says nothing for %j', (figures) => {
    expect(confidenceSequence(figures, { alpha: 0.05 })).toEqual({
      interval: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      pValue: 1,
      lnPValue: 0,
    });
  });
});
