import { MAX_RETRY_AFTER_MS, retryAfterMs } from '../../src/retry/retry-after.ts';

const NOW = Date.UTC(2027, 0, 31, 12, 0, 0);

describe('retryAfterMs', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    [' 5 ', 5000],
    ['999999999999999', MAX_RETRY_AFTER_MS],
    ['Sun, 31 Jan 2027 12:00:30 GMT', 30_000],
    ['Sunday, 31-Jan-27 12:00:30 GMT', 30_000],
    ['Sun Jan 31 12:00:30 2027', 30_000],
    ['Sun, 31 Jan 2027 11:00:00 GMT', 0],
    ['Sun, 31 Jan 2099 11:00:00 GMT', MAX_RETRY_AFTER_MS],
    ['', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['2027-01-31', undefined],
    ['Sun, 99 Xyz 2027 12:00:30 GMT', undefined],
    [null, undefined],
  ])('reads %j', (value, expected) => {
    expect(retryAfterMs(value, null, NOW)).toBe(expected);
  });

  it('compares a date with the server’s clock, if it was sent', () => {
    const [until, date] = ['Sun, 31 Jan 2027 09:00:30 GMT', 'Sun, 31 Jan 2027 09:00:00 GMT'];
    expect(retryAfterMs(until, date, NOW)).toBe(30_000);
    expect(retryAfterMs(until, 'garbage', NOW)).toBe(0);
  });
});
