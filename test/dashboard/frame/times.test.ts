import { ago, agoText, dayText, sinceText, timeText } from '../../../src/dashboard/frame/times.ts';
import { NOW } from '../fixtures/visit.ts';

it.each([
  ['2026-11-30T14:01:30Z', 'just now'],
  ['2026-11-30T14:02:20Z', 'just now'],
  ['2026-11-30T13:57:00Z', '5 min ago'],
  ['2026-11-30T12:00:00Z', '2 h ago'],
  ['2026-11-29T14:02:00Z', '1 day ago'],
  ['2026-11-24T14:02:00Z', '6 days ago'],
  ['2026-12-03T14:02:00Z', 'in 3 days'],
  ['soon', 'soon'],
])('writes %s as %s', (at, text) => {
  expect(agoText(at, NOW)).toBe(text);
});

it('writes times in the time zone of the dashboard', () => {
  expect(timeText(NOW, 'UTC')).toBe('30 Nov 2026, 14:02 UTC');
  expect(timeText(NOW, 'Europe/Berlin')).toMatch(/^30 Nov 2026, 15:02 /);
  expect(dayText('2026-11-30T23:30:00Z', 'Europe/Berlin')).toBe('1 Dec 2026');
});

it('writes midnight as 00:00', () => {
  expect(timeText('2026-11-30T00:00:00Z', 'UTC')).toContain('00:00');
});

it('writes only the time of a moment of today', () => {
  expect(sinceText('2026-11-30T07:12:00Z', { now: NOW, timeZone: 'UTC' })).toBe('07:12');
  expect(sinceText('2026-11-29T07:12:00Z', { now: NOW, timeZone: 'UTC' })).toContain('29 Nov');
});

it.each([Number.NaN, Number.POSITIVE_INFINITY, 1e300, -1e300, '', '<b>'])(
  'writes what is no time as it is: %p',
  (at) => {
    const setting = { now: NOW, timeZone: 'UTC' };
    expect(timeText(at, 'UTC')).toBe(String(at));
    expect(dayText(at, 'UTC')).toBe(String(at));
    expect(sinceText(at, setting)).toBe(String(at));
    expect(ago(at, setting).text).not.toContain('<b>');
  },
);

it('shows the time itself on pointing at it', () => {
  expect(ago('2026-11-30T12:02:00Z', { now: NOW, timeZone: 'UTC' }).text).toMatch(
    /<time datetime="2026-11-30T12:02:00.000Z" title="30 Nov 2026, 12:02 UTC"\s*>2 h ago<\/time/,
  );
});
