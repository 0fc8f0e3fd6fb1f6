import * as fc from 'fast-check';
import { benjaminiHochberg } from '../../../src/stats/split/benjamini-hochberg.ts';
import { holm } from '../../../src/stats/split/holm.ts';
import { sampleRatio, splitTest } from '../../../src/stats/split/sample-ratio.ts';
import { runs } from '../../runs.ts';
import { anyCount, anyNumber, pathsOfNaN } from '../arbitraries.ts';

describe('sampleRatio', () => {
  it('returns no NaN for any counts and weights', () => {
    fc.assert(
      fc.property(fc.array(anyCount), fc.array(anyNumber), (counts, weights) => {
        expect(pathsOfNaN(sampleRatio(counts, weights))).toEqual([]);
      }),
      { numRuns: runs(2000) },
    );
  });

  it('does not depend on the unit of the weights', () => {
    expect(sampleRatio([120, 80], [60, 40]).pValue).toBeCloseTo(
      sampleRatio([120, 80], [0.6, 0.4]).pValue ?? -1,
      12,
    );
  });

  it('reports expected counts below 5', () => {
    expect(sampleRatio([4, 5], [1, 1]).status).toBe('ok-small-counts');
    expect(sampleRatio([5, 5], [1, 1]).status).toBe('ok');
  });

  it.each([
    [[], []],
    [
      [0, 0],
      [1, 1],
    ],
    [
      [10, 0],
      [1, 0],
    ],
  ])('has too few variants or units with %j and %j', (counts, weights) => {
    expect(sampleRatio(counts, weights)).toMatchObject({ status: 'too-few', pValue: null });
  });

  it('takes a unit in a variant with a share of 0 as certain evidence', () => {
    expect(sampleRatio([500, 500, 1], [1, 1, 0])).toMatchObject({
      status: 'impossible',
      pValue: 0,
    });
  });

  it('adds up over audiences', () => {
    // Two audiences off in opposite directions, which the pooled counts hide.
    const one = sampleRatio([5200, 4800], [1, 1]);
    const other = sampleRatio([4800, 5200], [1, 1]);
    const added = splitTest((one.statistic ?? 0) + (other.statistic ?? 0), 2);
    expect(added.pValue).toBeLessThan(1e-6);
    expect(sampleRatio([10_000, 10_000], [1, 1]).pValue).toBe(1);
  });
});

describe('benjaminiHochberg', () => {
  it('is never below the p-values, and never above those of Holm', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (values) => {
        const corrected = benjaminiHochberg(values);
        const strict = holm(values);
        for (const [i, p] of values.entries()) {
          expect(corrected[i]).toBeGreaterThanOrEqual(p * (1 - 1e-15));
          expect(corrected[i]).toBeLessThanOrEqual((strict[i] ?? 0) * (1 + 1e-15));
        }
      }),
      { numRuns: runs(1000) },
    );
  });

  it('keeps the order of the p-values', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (values) => {
        const order = [...values.keys()].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
        const corrected = benjaminiHochberg(values);
        const sorted = order.map((i) => corrected[i] ?? Number.NaN);
        expect(sorted).toEqual([...sorted].sort((a, b) => a - b));
      }),
      { numRuns: runs(500) },
    );
  });
});
