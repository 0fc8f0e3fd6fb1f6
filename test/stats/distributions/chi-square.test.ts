import { chiSquareTail } from '../../../src/stats/distributions/chi-square.ts';

/**
 * Critical values of the chi-square distribution, upper tail: NIST/SEMATECH e-Handbook of
 * Statistical Methods, section 1.3.6.7.4.
 */
const TAILS = [0.1, 0.05, 0.025, 0.01, 0.001];
const CRITICAL: readonly (readonly [degrees: number, ...values: readonly number[]])[] = [
  [1, 2.706, 3.841, 5.024, 6.635, 10.828],
  [2, 4.605, 5.991, 7.378, 9.21, 13.816],
  [3, 6.251, 7.815, 9.348, 11.345, 16.266],
  [4, 7.779, 9.488, 11.143, 13.277, 18.467],
  [5, 9.236, 11.07, 12.833, 15.086, 20.515],
  [10, 15.987, 18.307, 20.483, 23.209, 29.588],
  [20, 28.412, 31.41, 34.17, 37.566, 45.315],
  [30, 40.256, 43.773, 46.979, 50.892, 59.703],
  [50, 63.167, 67.505, 71.42, 76.154, 86.661],
  [100, 118.498, 124.342, 129.561, 135.807, 149.449],
];

const ROWS = CRITICAL.flatMap(([degrees, ...values]) =>
  values.map((value, i) => [degrees, value, TAILS[i] ?? 0] as const),
);

describe('chiSquareTail', () => {
  it.each(ROWS)(
    'matches, with %d degrees of freedom beyond %d, the published %d',
    (degrees, x, tail) => {
      // The published values have three decimals, so the tail may differ by half of the last one.
      expect(chiSquareTail(x - 0.0006, degrees)).toBeGreaterThan(tail);
      expect(chiSquareTail(x + 0.0006, degrees)).toBeLessThan(tail);
    },
  );

  it('is e^(-x/2) with two degrees of freedom, even for large x', () => {
    for (const x of [0.01, 1, 10, 100, 1000, 1400]) {
      expect(chiSquareTail(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 9);
    }
  });

  it('is 1 at zero and 0 at infinity', () => {
    expect(chiSquareTail(0, 3)).toBe(1);
    expect(chiSquareTail(Number.POSITIVE_INFINITY, 3)).toBe(0);
    expect(chiSquareTail(1e6, 1)).toBe(0);
    expect(chiSquareTail(1e9, 5000)).toBe(0);
  });

  it.each([
    // From SciPy 1.17 (scipy.stats.chi2.sf): the published tables do not reach this far.
    [10_000, 10_000, 0.498119],
    [10_233.74889768, 10_000, 0.05],
    [10_686.68982987, 10_000, 1e-6],
    [2617.43459615, 2500, 0.05],
    [2499.33336495, 2500, 0.5],
    [999.33, 1000, 0.50003],
  ])('is right with very many degrees of freedom: %d beyond %d', (x, degrees, tail) => {
    expect(chiSquareTail(x, degrees) / tail).toBeCloseTo(1, 2);
  });

  it('never increases with the statistic', () => {
    for (const degrees of [1, 999, 1001, 1500, 5000]) {
      let last = 1;
      for (let x = 0; x < 6000; x += 7) {
        const tail = chiSquareTail(x, degrees);
        expect(tail).toBeLessThanOrEqual(last + 1e-4);
        last = tail;
      }
    }
  });
});
