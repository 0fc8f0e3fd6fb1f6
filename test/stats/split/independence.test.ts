import * as fc from 'fast-check';
import { independence } from '../../../src/stats/split/independence.ts';

describe('independence', () => {
  it('adds the deviations of a table from the product of its margins', () => {
    // By hand: expected are 12, 18, 28 and 42, so 4/12 + 4/18 + 4/28 + 4/42.
    const test = independence([
      [
        [10, 20],
        [30, 40],
      ],
    ]);
    expect(test?.statistic).toBeCloseTo(0.793651, 6);
    expect(test?.degrees).toBe(1);
    expect(test?.p).toBeCloseTo(0.372998, 5);
  });

  it('agrees with R. A. Fisher on the convictions of twins of criminals', () => {
    // "Statistical Methods for Research Workers", section 21.01: chi-square 13.032 without
    // correction; expected counts below 5 would be pooled, so the counts are taken ten times.
    const test = independence([
      [
        [100, 30],
        [20, 150],
      ],
    ]);
    expect(test?.statistic).toBeCloseTo(130.32, 1);
    expect(test?.strength).toBeCloseTo(0.659, 3);
  });

  it('has strength 1 if one feature determines the other, and 0 if they are independent', () => {
    const same = [
      [500, 0],
      [0, 500],
    ];
    expect(independence([same])).toMatchObject({ strength: 1, p: expect.closeTo(0, 12) });
    const apart = [
      [250, 250],
      [250, 250],
    ];
    expect(independence([apart])).toEqual({ statistic: 0, degrees: 1, p: 1, strength: 0 });
  });

  it('ignores differences between the groups', () => {
    const few = [
      [10, 90],
      [90, 810],
    ];
    const many = [
      [810, 90],
      [90, 10],
    ];
    expect(independence([few, many])).toMatchObject({ statistic: 0, degrees: 2, p: 1 });
    const together = few.map((row, i) => row.map((count, j) => count + (many[i]?.[j] ?? 0)));
    expect(independence([together])?.p).toBeLessThan(1e-9);
  });

  it('has nothing to test in one row, one column, or a handful of counts', () => {
    expect(independence([])).toBeUndefined();
    expect(independence([[[100, 200]]])).toBeUndefined();
    expect(independence([[[100], [200]]])).toBeUndefined();
    expect(independence([[[1, 2], [2, 1]]])).toBeUndefined(); // prettier-ignore
    expect(independence([[[100, 200], [0, 0]]])).toBeUndefined(); // prettier-ignore
  });

  it('pools the rarest rows and columns', () => {
    const test = independence([
      [
        [400, 400, 4],
        [400, 400, 4],
        [3, 3, 0],
      ],
    ]);
    expect(test?.degrees).toBe(1);
  });

  it('returns the same for a table and its transpose', () => {
    const row = fc.array(fc.nat(500), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(row, row, row, (a, b, c) => {
        const table = [a, b, c];
        const turned = [0, 1, 2].map((j) => table.map((one) => one[j] ?? 0));
        const one = independence([table]);
        const other = independence([turned]);
        // Pooling prefers rows if both sides are equally long, so only unpooled tables agree.
        fc.pre(one?.degrees === 4 && other?.degrees === 4);
        expect(other?.statistic).toBeCloseTo(one?.statistic ?? 0, 6);
        expect(other?.strength).toBeCloseTo(one?.strength ?? 0, 9);
      }),
    );
  });
});
