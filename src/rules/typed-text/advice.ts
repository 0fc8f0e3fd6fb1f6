import { quote } from '../../errors/show-value.ts';
import { parseDate } from './date.ts';
import { readTyped, type TypedKind } from './typed.ts';

/** Up to three numbers, which a text that is not a version may contain. */
const NUMBERS = /\d+(?:\.\d+){0,2}/;

/** A date that begins with the year, and whatever follows. */
const YEAR_FIRST = /^\s*(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\S*))?\s*$/;

/** The longest text, in characters, that a suggestion is derived from. */
const MAX_READ = 100;

/** Returns the remedy for a text that can't be read: `did you mean "1.10.0"?`. */
export function remedyFor(kind: TypedKind, text: string): string {
  const meant = meantText(kind, text.slice(0, MAX_READ));
  if (meant !== undefined) return `did you mean ${quote(meant)}?`;
  return kind === 'version'
    ? 'write up to three numbers, such as "1.10.0"'
    : 'write it like "2026-12-01" or "2026-12-01T09:00:00Z"';
}

function meantText(kind: TypedKind, text: string): string | undefined {
  const meant = kind === 'version' ? NUMBERS.exec(text)?.[0] : meantDate(text);
  return meant === undefined || readTyped(kind, meant) === undefined ? undefined : meant;
}

/** Returns the spelling of a date that lacks zeros, the time zone or the `T`. */
function meantDate(text: string): string | undefined {
  const [, year, month = '', day = '', time] = YEAR_FIRST.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  if (time === undefined) return date;
  const written = [`${date}T${time}`, `${date}T${time}Z`];
  return written.find((one) => parseDate(one) !== undefined);
}
