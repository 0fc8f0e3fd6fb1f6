import { parseDate } from '../../rules/typed-text/date.ts';
import { parseVersion } from '../../rules/typed-text/version.ts';

/** A whole or decimal number. */
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** Numbers with points between them, and whatever follows. */
const VERSION = /^v?(\d+(?:\.\d+)+)/i;

/** A date that begins with the year, in any spelling. */
const YEAR_FIRST = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?=$|[T ])/;

/** Other dates: `31.1.2024`, `1/31/24`, `Jan 31`, `31 January 2024`. */
const OTHER_DATE =
  /^\d{1,2}[-/.]\d{1,2}[-/.](?:\d{4}|\d{2})$|^(?=.*\d)(?:\d{1,2}\.? )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b/i;

/**
 * Returns the remedy for a text that is compared with `<`, although the order of texts is not the order
 * of what it stands for.
 *
 * @param other the other side of the comparison, as it is written in the rule
 * @param isDeclaredText true if the context declares the other side as a string; otherwise it may be a
 *   Date or a version too
 * @returns undefined for words; also for dates such as `2024-01-31`, which compare correctly with a Date and
 *   with equally written texts, unless the other side is certainly a text
 */
export function orderAdvice(
  text: string,
  other: string,
  isDeclaredText: boolean,
): string | undefined {
  if (parseDate(text) !== undefined) {
    if (!isDeclaredText) return undefined;
    return `to compare dates, put a Date into the context, and declare it with "format": "date-time"`;
  }
  const [, year = '', month = '', day = ''] = YEAR_FIRST.exec(text) ?? [];
  if (year !== '') {
    const padded = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    return text.startsWith(padded)
      ? undefined
      : `to compare dates, put a Date into the context, and write two digits for month and day: '${padded}'`;
  }
  const isNamedVersion = /version|release/i.test(other);
  if (!isNamedVersion && OTHER_DATE.test(text) && !/^\d+\.\d+\.\d\d?$/.test(text)) {
    return "to compare dates, put a Date into the context, and write the year first: '2024-01-31'";
  }
  if (NUMBER.test(text) && !(isNamedVersion && text.includes('.'))) {
    return `to compare numbers, write ${text} without quotes`;
  }
  const [, numbers] = VERSION.exec(text) ?? [];
  if (numbers === undefined) return undefined;
  if (parseVersion(text) !== undefined) {
    return 'to compare versions, put version(…) from "evenhand" into the context, and declare it with "format": "version"';
  }
  return `put such numbers into the context as lists, and write [${numbers.split('.').map(Number).join(', ')}]`;
}
