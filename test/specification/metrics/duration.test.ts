import {
  formatDuration,
  meantDuration,
  readDuration,
} from '../../../src/specification/metrics/duration.ts';

const HOUR = 3_600_000;

describe('readDuration', () => {
  it.each([
    ['30m', HOUR / 2],
    ['12h', 12 * HOUR],
    ['7d', 168 * HOUR],
    ['2w', 336 * HOUR],
    ['0d', 0],
    ['007d', 168 * HOUR],
  ])('reads %s as %d ms', (text, ms) => {
    expect(readDuration(text)).toBe(ms);
  });

  it.each(['', '7', 'd', '-1d', '1.5h', '7 d', '7D', '7y', '1234567d', '999999w', '7d\n'])(
    'refuses %j',
    (text) => {
      expect(readDuration(text)).toBeUndefined();
    },
  );
});

describe('formatDuration', () => {
  it.each(['30m', '12h', '36h', '7d', '14d', '0d'])('writes %s again', (text) => {
    expect(formatDuration(readDuration(text) ?? Number.NaN)).toBe(text);
  });
});

describe('meantDuration', () => {
  it.each([
    ['7 days', '7d'],
    ['P7D', '7d'],
    ['PT12H', '12h'],
    ['PT5M', '5m'],
    ['2 Weeks', '2w'],
    ['07d', '7d'],
    ['P1M', undefined],
    ['1 month', undefined],
    ['soon', undefined],
    ['1.5h', undefined],
  ])('takes %s for %s', (text, meant) => {
    expect(meantDuration(text)).toBe(meant);
  });
});
