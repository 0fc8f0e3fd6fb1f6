/** A date, or a date and a time with its time zone: `2026-12-01`, `2026-12-01T09:00:00.250+01:00`. */
const PATTERN =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):(\d\d)))?$/;

const MINUTE_MS = 60_000;

/** The Gregorian calendar repeats after so many years, which have so many milliseconds. */
const CYCLE_YEARS = 400;
const CYCLE_MS = 146_097 * 24 * 60 * MINUTE_MS;

/**
 * Reads a date of ISO 8601. A date without a time is midnight in UTC. A time needs a time zone, `Z` or an
 * offset: without one, JavaScript takes the zone of the machine, and two machines would decide
 * differently. Fractions of a second count up to the millisecond, as in a Date.
 *
 * @returns milliseconds since 1970; undefined for any other text, and for days that don't exist
 */
export function parseDate(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = 0, minute = 0, second = 0] = match.map(Number);
  const [fraction = '', sign, zoneHour = '0', zoneMinute = '0'] = match.slice(7);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) return undefined;
  const [hours, minutes, seconds] = [hour || 0, minute || 0, second || 0];
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  if (Number(zoneHour) > 23 || Number(zoneMinute) > 59) return undefined;
  const ms = Number(fraction.padEnd(3, '0').slice(0, 3));
  // `Date.UTC` reads the years 0 to 99 as 1900 to 1999.
  const local =
    Date.UTC(year + CYCLE_YEARS, month - 1, day, hours, minutes, seconds, ms) - CYCLE_MS;
  const offset = (Number(zoneHour) * 60 + Number(zoneMinute)) * MINUTE_MS;
  return sign === '-' ? local + offset : local - offset;
}

/** Returns the number of days of a month, 1 to 12. */
function daysOf(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Taken once, so that an application's subclass or patch can't change what a rule compares. */
// oxlint-disable-next-line typescript/unbound-method -- called with a Date below
const { getTime, toISOString } = Date.prototype;

/**
 * Returns the milliseconds since 1970 of a Date: NaN for an invalid one, undefined for other values.
 * Reads the prototype of an object, which may throw.
 */
export function timeOf(value: object): number | undefined {
  if (!(value instanceof Date)) return undefined;
  try {
    return getTime.call(value);
  } catch {
    // A Proxy of a Date, or an object that only has its prototype.
    return NaN;
  }
}

/** Returns the ISO 8601 text of a Date. Throws RangeError for an invalid one. */
export function isoTextOf(date: object): string {
  return toISOString.call(date);
}
