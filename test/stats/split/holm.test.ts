import * as fc from 'fast-check';
import { holm } from '../../../src/stats/split/holm.ts';

const chance = fc.double({ min: 0, max: 1, noNaN: true });

describe('holm', () => {
  it('multiplies the smallest by the number of tests, the next by one less', () => {
    // By hand: 0.005·4, 0.01·3, 0.03·2, and 0.04·1 raised to the value before it.
    const corrected = holm([0.01, 0.04, 0.03, 0.005]);
    expect(corrected[0]).toBeCloseTo(0.03, 12);
    expect(corrected[1]).toBeCloseTo(0.06, 12);
    expect(corrected[2]).toBeCloseTo(0.06, 12);
    expect(corrected[3]).toBeCloseTo(0.02, 12);
  });

  it('leaves a single test and an empty list unchanged', () => {
    expect(holm([0.2])).toEqual([0.2]);
    expect(holm([])).toEqual([]);
  });

  it('lowers no value, stays within [0, 1], and keeps the order', () => {
    fc.assert(
      fc.property(fc.array(chance), (values) => {
        const corrected = holm(values);
        for (const [i, p] of values.entries()) {
          expect(corrected[i]).toBeGreaterThanOrEqual(p);
          expect(corrected[i]).toBeLessThanOrEqual(1);
          for (const [j, other] of values.entries()) {
            // A smaller value stays no larger than the others.
            expect(p < other && (corrected[i] ?? 0) > (corrected[j] ?? 0)).toBe(false);
          }
        }
      }),
    );
  });
});
