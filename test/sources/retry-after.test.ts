import { retryAfterMs } from '../../src/sources/retry-after.ts';

describe('retryAfterMs', () => {
  const now = Date.parse('2027-01-31T12:00:00Z');

  it.each<[string | null, number | undefined]>([
    [null, undefined],
    ['', undefined],
    ['soon', undefined],
    ['1.5 s', undefined],
    ['0', 0],
    [' 120 ', 120_000],
    ['Sun, 31 Jan 2027 12:00:30 GMT', 30_000],
    ['Sun, 31 Jan 2027 11:00:00 GMT', 0],
    // No server can silence us for good.
    ['99999999999999999999', 3_600_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600_000],
  ])('of %j is %p', (value, ms) => {
    expect(retryAfterMs(value, now)).toBe(ms);
  });
});
