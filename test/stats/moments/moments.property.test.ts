import * as fc from 'fast-check';
import { momentsOf } from '../../../src/stats/moments/moments-of.ts';
import { addMoments, type Moments } from '../../../src/stats/moments/moments.ts';
import { boundShares, quantileOf } from '../../../src/stats/moments/quantile.ts';
import { winsorise } from './winsorise.ts';
import { runs } from '../../runs.ts';
import { anyNumber, pathsOfNaN } from '../arbitraries.ts';

const value = fc.double({ min: -1000, max: 1000, noNaN: true });
const rows = fc.array(fc.tuple(value, value), { maxLength: 30 });
const NONE: Moments = {
  n: 0,
  means: [0, 0],
  covariances: [
    [0, 0],
    [0, 0],
  ],
};

/** Returns the largest difference between two figures. */
function distance(actual: Moments, expected: Moments): number {
  const differences = [
    ...expected.means.map((mean, i) => mean - (actual.means[i] ?? Number.NaN)),
    ...expected.covariances.flatMap((row, i) =>
      row.map((covariance, j) => covariance - (actual.covariances[i]?.[j] ?? Number.NaN)),
    ),
  ];
  return actual.n === expected.n ? Math.max(...differences.map(Math.abs)) : Number.NaN;
}

describe('addMoments', () => {
  it('gives the moments of all units together', () => {
    fc.assert(
      fc.property(fc.array(rows, { minLength: 1, maxLength: 6 }), (shards) => {
        const all = shards.flat();
        fc.pre(all.length > 0);
        expect(
          distance(shards.map(momentsOf).reduce(addMoments, NONE), momentsOf(all)),
        ).toBeLessThan(1e-7);
      }),
      { numRuns: runs(500) },
    );
  });

  it('keeps a variance of 1 at a mean of 1e9', () => {
    const shard = (shift: number): Moments => momentsOf([[1e9 - 1 + shift], [1e9 + 1 + shift]]);
    const { covariances } = addMoments(shard(0), shard(0));
    expect(covariances[0]?.[0]).toBeCloseTo(4 / 3, 12);
  });
});

describe('quantileOf', () => {
  it('lies between the smallest and the largest value, and grows with the share', () => {
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, a, b) => {
          const ascending = [...values].sort((x, y) => x - y);
          const low = quantileOf(ascending, Math.min(a, b)) ?? Number.NaN;
          const high = quantileOf(ascending, Math.max(a, b)) ?? Number.NaN;
          expect(low).toBeGreaterThanOrEqual((ascending[0] ?? 0) - 1e-9);
          expect(high).toBeLessThanOrEqual((ascending.at(-1) ?? 0) + 1e-9);
          expect(low).toBeLessThanOrEqual(high + 1e-9);
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it('is undefined without values', () => {
    expect(quantileOf([], 0.5)).toBeUndefined();
  });
});

describe('boundShares', () => {
  it('are two standard errors of the rank apart from the share', () => {
    expect(boundShares(100, 0.5, 2)).toEqual({ low: 0.4, high: 0.6 });
    expect(boundShares(35, 0.9)?.high).toBeLessThan(1);
  });

  it.each([
    [0, 0.5],
    [3, 0.5],
    [34, 0.9],
    [Number.NaN, 0.5],
  ])('is undefined for %d values and a share of %d', (n, share) => {
    expect(boundShares(n, share)).toBeUndefined();
  });
});

describe('winsorise', () => {
  it('is never NaN', () => {
    fc.assert(
      fc.property(
        fc.array(value),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.boolean(),
        (values, share, ignoreZeros) => {
          expect(pathsOfNaN(winsorise(values, share, ignoreZeros))).toEqual([]);
        },
      ),
      { numRuns: runs(500) },
    );
  });

  it('changes nothing at the largest value', () => {
    fc.assert(
      fc.property(fc.array(anyNumber, { minLength: 1 }), (values) => {
        expect(winsorise(values, 1).capped).toBe(0);
      }),
      { numRuns: runs(200) },
    );
  });
});
