import * as fc from 'fast-check';
import { shareInterval } from '../../../src/stats/split/share-interval.ts';

describe('shareInterval', () => {
  it("is Wilson's interval", () => {
    // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in
    // Medicine 17 (1998), table I, method 3.
    const published = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const;
    for (const [count, total, low, high] of published) {
      expect(shareInterval(count, total).low).toBeCloseTo(low, 4);
      expect(shareInterval(count, total).high).toBeCloseTo(high, 4);
    }
  });

  it('is [0, 1] if nothing was counted', () => {
    expect(shareInterval(0, 0)).toEqual({ low: 0, high: 1 });
  });

  it('contains the share and stays within 0 and 1', () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(1e6), (some, others) => {
        fc.pre(some + others > 0);
        const { low, high } = shareInterval(some, some + others);
        const share = some / (some + others);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(share + 1e-12);
        expect(high).toBeGreaterThanOrEqual(share - 1e-12);
      }),
    );
  });
});
