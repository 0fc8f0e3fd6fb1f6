import * as fc from 'fast-check';
import { holm } from '../../src/stats/holm.ts';

const chance = fc.double({ min: 0, max: 1, noNaN: true });

describe('holm', () => {
  it('multiplies the smallest by the number of tests, the next by one less', () => {
    // Worked by hand: 0.005·4, 0.01·3, 0.03·2, and 0.04·1 raised to what precedes it.
    const corrected = holm([0.01, 0.04, 0.03, 0.005]);
    expect(corrected[0]).toBeCloseTo(0.03, 12);
    expect(corrected[1]).toBeCloseTo(0.06, 12);
    expect(corrected[2]).toBeCloseTo(0.06, 12);
    expect(corrected[3]).toBeCloseTo(0.02, 12);
  });

  it('leaves a single test as it is, and none as none', () => {
    expect(holm([0.2])).toEqual([0.2]);
    expect(holm([])).toEqual([]);
  });

  it('lowers no value, leaves [0, 1] to none, and keeps their order', () => {
    fc.assert(
      fc.property(fc.array(chance), (values) => {
        const corrected = holm(values);
        for (const [i, p] of values.entries()) {
          expect(corrected[i]).toBeGreaterThanOrEqual(p);
          expect(corrected[i]).toBeLessThanOrEqual(1);
          for (const [j, other] of values.entries()) {
            // Never the other way round: what was smaller stays no larger.
            expect(p < other && (corrected[i] ?? 0) > (corrected[j] ?? 0)).toBe(false);
          }
        }
      }),
    );
  });
});
