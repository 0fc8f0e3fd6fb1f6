import * as fc from 'fast-check';
import { fullJitterMs } from '../../src/retry/full-jitter.ts';

describe('fullJitterMs', () => {
  it('doubles the longest wait with each failure, up to the largest', () => {
    const longest = [1, 2, 3, 4, 5, 1000].map((failures) =>
      fullJitterMs(failures, 100, 1500, () => 1),
    );
    expect(longest).toEqual([100, 200, 400, 800, 1500, 1500]);
  });

  it('draws between zero and the longest wait', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(10_000), fc.nat(10_000), (failures, minMs, maxMs) => {
        expect(fullJitterMs(failures, minMs, maxMs, () => 0)).toBe(0);
        expect(fullJitterMs(failures, minMs, maxMs, () => 0.5)).toBeLessThanOrEqual(maxMs / 2);
      }),
    );
  });
});
