/**
 * The pattern of an instant: ISO 8601 with seconds or milliseconds and a time zone. A pattern can't exclude
 * 31 February; {@link daysIn} does.
 */
export const INSTANT =
  '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]' +
  '(\\.[0-9]{1,3})?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])$';

const PATTERN = new RegExp(INSTANT);

/** The description of an instant for messages. */
export const INSTANT_MUST_BE = 'a date and time with a time zone, such as "2026-12-01T09:00:00Z"';

/** The first and the last year of an instant. Others are typing errors, such as 0226. */
const YEARS = { first: 2000, last: 2999 };

/** An instant in milliseconds since 1970, or the problem of its text. */
export type ReadInstant = { readonly ms: number } | { readonly problem: string };

/**
 * Reads a text that fits {@link INSTANT}.
 *
 * @returns undefined for any other text
 */
export function readInstant(text: string): ReadInstant | undefined {
  if (!PATTERN.test(text)) return undefined;
  const [year = 0, month = 0, day = 0] = text.slice(0, 'yyyy-mm-dd'.length).split('-').map(Number);
  if (year < YEARS.first || year > YEARS.last) {
    return { problem: `is in the year ${year}; use a year from ${YEARS.first} to ${YEARS.last}` };
  }
  const days = daysIn(year, month);
  if (day > days) {
    return { problem: `is ${text}, but ${text.slice(0, 'yyyy-mm'.length)} has only ${days} days` };
  }
  return { ms: Date.parse(text) };
}

/**
 * Returns the number of days of a month.
 *
 * @param month from 1
 */
export function daysIn(year: number, month: number): number {
  // Day 0 of the next month is the last day of this one.
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Formats an instant in UTC, without milliseconds if they are 0: `2026-12-01T09:00:00Z`. */
export function formatInstant(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

/** The longest text, in characters, that may be meant as an instant. */
const MAX_LENGTH = 60;

/** A date with an optional time and an optional time zone, as people and programs write them. */
const LOOSE =
  /^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:(?:\s*[Tt]\s*|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?\s*$/;

const MS_PER_DAY = 86_400_000;

/**
 * Returns the instant that a text probably stands for: `2026-12-01T00:00:00Z` for `2026-12-01`. Without a
 * time zone it is UTC.
 *
 * @returns undefined if it is not clear, or if there is no such day
 */
export function meantInstant(text: string): string | undefined {
  const found = text.length > MAX_LENGTH ? null : LOOSE.exec(text);
  if (found === null) return undefined;
  const [, year = '', month = '', day = '', hour = '0', minute = '00', second = '00', part] = found;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const milliseconds = part === undefined ? '' : `.${part.slice(0, 'mmm'.length)}`;
  // 24:00 is the end of the day.
  const isEnd = hour === '24' && /^[0:.]*$/.test(`${minute}:${second}${milliseconds}`);
  const time = `${isEnd ? '00' : hour.padStart(2, '0')}:${minute}:${second}${milliseconds}`;
  const meant = `${date}T${time}${zoneOf(found.at(-1))}`;
  const read = readInstant(meant);
  if (read === undefined || 'problem' in read) return undefined;
  return isEnd ? formatInstant(read.ms + MS_PER_DAY) : meant;
}

function zoneOf(zone: string | undefined): string {
  if (zone === undefined || !/^[+-]/.test(zone)) return 'Z';
  const [, hours = '00', minutes = '00'] = /^(.\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return `${hours}:${minutes}`;
}
