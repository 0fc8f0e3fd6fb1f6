import * as fc from 'fast-check';
import { backoffMs, jittered, MAX_BACKOFF_MS } from '../../../src/sources/keeping/backoff.ts';

const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoffMs', () => {
  it.each([
    [1, 1000],
    [2, 2000],
    [3, 4000],
    [5, 16_000],
    [6, 30_000],
    [1e9, 30_000],
  ])('after %d failures waits up to %d ms', (failures, most) => {
    expect(backoffMs(failures, () => 0)).toBe(0);
    expect(backoffMs(failures, () => 0.5)).toBe(most / 2);
  });

  it('draws from the whole range for every number of failures', () => {
    fc.assert(
      fc.property(fc.nat(), draws, (failures, draw) => {
        const ms = backoffMs(failures, () => draw);
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThan(MAX_BACKOFF_MS);
      }),
    );
  });
});

describe('jittered', () => {
  it('makes an interval up to a tenth shorter or longer', () => {
    expect([0, 0.5, 1].map((draw) => Math.round(jittered(1000, () => draw)))).toEqual([
      900, 1000, 1100,
    ]);
  });
});
