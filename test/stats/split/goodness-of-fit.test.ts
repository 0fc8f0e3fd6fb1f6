import * as fc from 'fast-check';
import { goodnessOfFit } from '../../../src/stats/split/goodness-of-fit.ts';

describe('goodnessOfFit', () => {
  it("finds Mendel's peas as close to 9:3:3:1 as published", () => {
    // G. Mendel, "Versuche über Pflanzenhybriden" (1866): 556 peas, round or angular, yellow or green.
    const test = goodnessOfFit([
      { count: 315, share: 9 / 16 },
      { count: 108, share: 3 / 16 },
      { count: 101, share: 3 / 16 },
      { count: 32, share: 1 / 16 },
    ]);
    expect(test?.statistic).toBeCloseTo(0.47, 3);
    expect(test?.degrees).toBe(3);
    expect(test?.p).toBeCloseTo(0.9254, 4);
  });

  it('returns 0 for counts that are exactly as expected', () => {
    const halves = [
      { count: 50, share: 0.5 },
      { count: 50, share: 0.5 },
    ];
    expect(goodnessOfFit(halves)).toEqual({ statistic: 0, degrees: 1, p: 1 });
  });

  it('returns p = 0 for an observation that has a share of 0', () => {
    const test = goodnessOfFit([
      { count: 99, share: 1 },
      { count: 1, share: 0 },
    ]);
    expect(test?.p).toBe(0);
  });

  it('has nothing to test with one class or too small a count', () => {
    expect(goodnessOfFit([{ count: 100, share: 1 }])).toBeUndefined();
    expect(
      goodnessOfFit([
        { count: 3, share: 0.5 },
        { count: 0, share: 0.5 },
      ]),
    ).toBeUndefined();
    expect(goodnessOfFit([])).toBeUndefined();
  });

  it('pools classes with an expected count below five', () => {
    const test = goodnessOfFit([
      { count: 80, share: 0.8 },
      { count: 14, share: 0.14 },
      { count: 3, share: 0.03 },
      { count: 3, share: 0.03 },
    ]);
    expect(test?.degrees).toBe(2);
  });

  it('tolerates larger deviations of clustered counts', () => {
    const classes = [
      { count: 560, share: 0.5 },
      { count: 440, share: 0.5 },
    ];
    expect(goodnessOfFit(classes)?.statistic).toBeCloseTo(14.4, 9);
    expect(goodnessOfFit(classes, 10)?.statistic).toBeCloseTo(1.44, 9);
  });

  it('does not depend on the order of the classes', () => {
    const weights = fc.array(
      fc.record({ count: fc.nat(1000), weight: fc.integer({ min: 1, max: 50 }) }),
      { minLength: 2, maxLength: 6 },
    );
    fc.assert(
      fc.property(weights, (drawn) => {
        const all = drawn.reduce((sum, { weight }) => sum + weight, 0);
        const classes = drawn.map(({ count, weight }) => ({ count, share: weight / all }));
        const one = goodnessOfFit(classes);
        const other = goodnessOfFit(classes.toReversed());
        expect(other?.degrees).toBe(one?.degrees);
        expect(one?.p ?? 1).toBeGreaterThanOrEqual(0);
        expect(one?.p ?? 1).toBeLessThanOrEqual(1);
      }),
    );
  });
});
