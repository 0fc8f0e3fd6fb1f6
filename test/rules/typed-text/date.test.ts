import * as fc from 'fast-check';
import { parseDate } from '../../../src/rules/typed-text/date.ts';
import { runs } from '../../runs.ts';

describe('parseDate', () => {
  it.each([
    ['1970-01-01', 0],
    ['2026-12-01', Date.UTC(2026, 11, 1)],
    ['2026-12-01T09:00Z', Date.UTC(2026, 11, 1, 9)],
    ['2026-12-01T09:00:30Z', Date.UTC(2026, 11, 1, 9, 0, 30)],
    ['2026-12-01T09:00:30.5Z', Date.UTC(2026, 11, 1, 9, 0, 30, 500)],
    ['2026-12-01T09:00:30.123456789Z', Date.UTC(2026, 11, 1, 9, 0, 30, 123)],
    ['2026-12-01T09:00:00+01:30', Date.UTC(2026, 11, 1, 7, 30)],
    ['2026-12-01T09:00:00-05:00', Date.UTC(2026, 11, 1, 14)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
    ['2000-02-29', Date.UTC(2000, 1, 29)],
    ['0000-01-01', Date.parse('0000-01-01T00:00:00Z')],
    ['0099-12-31', Date.parse('0099-12-31T00:00:00Z')],
    ['9999-12-31T23:59:59.999Z', Date.parse('9999-12-31T23:59:59.999Z')],
  ])('reads %s', (text, time) => {
    expect(parseDate(text)).toBe(time);
  });

  it.each([
    '',
    'today',
    '2026',
    '2026-12',
    '2026-1-5',
    '31.12.2026',
    '12/31/2026',
    '20261201',
    '2026-13-01',
    '2026-00-01',
    '2026-01-00',
    '2026-01-32',
    '2026-04-31',
    '2026-02-29',
    '1900-02-29',
    '2026-12-01T09:00:00',
    '2026-12-01T09:00',
    '2026-12-01 09:00:00Z',
    '2026-12-01T24:00:00Z',
    '2026-12-01T23:60:00Z',
    '2026-12-01T23:59:60Z',
    '2026-12-01T09:00:00.Z',
    '2026-12-01T09:00:00z',
    '2026-12-01T09:00:00+0100',
    '2026-12-01T09:00:00+24:00',
    '2026-12-01T09:00:00+01:60',
    '2026-12-01Z',
    '-000001-01-01',
    '+012026-01-01',
    ' 2026-12-01',
    '2026-12-01\n',
    '２０２６-12-01',
    '1'.repeat(10_000),
  ])('refuses %p', (text) => {
    expect(parseDate(text)).toBeUndefined();
  });

  it('reads the text of every Date from the year 0 to 9999', () => {
    const dates = fc.date({
      min: new Date('0000-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59.999Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseDate(date.toISOString())).toBe(date.getTime());
        const day = date.toISOString().slice(0, 10);
        expect(parseDate(day)).toBe(Date.parse(`${day}T00:00:00Z`));
      }),
      { numRuns: runs(2000) },
    );
  });

  it('reads an offset as JavaScript does', () => {
    const two = (most: number) => fc.nat({ max: most }).map((one) => String(one).padStart(2, '0'));
    fc.assert(
      fc.property(fc.constantFrom('+', '-'), two(23), two(59), (sign, hours, minutes) => {
        const text = `2026-03-01T00:30:00${sign}${hours}:${minutes}`;
        expect(parseDate(text)).toBe(Date.parse(text));
      }),
      { numRuns: runs(300) },
    );
  });
});
