import { retryDelayMs } from '../../../src/exposures/delivery/backoff.ts';

const settings = { minDelayMs: 200, maxDelayMs: 30_000 };

describe('retryDelayMs', () => {
  it('draws from a range that doubles up to its limit', () => {
    const most = [1, 2, 3, 8, 9, 100, 5000].map((n) =>
      retryDelayMs(n, undefined, settings, () => 1),
    );
    expect(most).toEqual([200, 400, 800, 25_600, 30_000, 30_000, 30_000]);
    expect(retryDelayMs(3, undefined, settings, () => 0.5)).toBe(400);
    expect(retryDelayMs(3, undefined, settings, () => 0)).toBe(0);
  });

  it("adds the delay to the sink's, of which at most an hour counts", () => {
    expect(retryDelayMs(1, 5000, settings, () => 0.5)).toBe(5100);
    expect(retryDelayMs(1, 1e12, settings, () => 0)).toBe(3_600_000);
  });

  it.each([0, -5, Number.NaN])('ignores a requested delay of %d ms', (wish) => {
    expect(retryDelayMs(1, wish, settings, () => 0.5)).toBe(100);
  });
});
