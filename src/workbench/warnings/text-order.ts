/** A whole or decimal number. */
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** A semantic version, with or without its third number. */
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
 * @returns undefined for texts that sort correctly, such as `2024-01-31`, and for words
 */
export function orderAdvice(text: string, other: string): string | undefined {
  const [, year = '', month = '', day = ''] = YEAR_FIRST.exec(text) ?? [];
  if (year !== '') {
    const padded = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    return text.startsWith(padded)
      ? undefined
      : `write dates with two digits for month and day, here and in the context: '${padded}'`;
  }
  const isNamedVersion = /version|release/i.test(other);
  if (!isNamedVersion && OTHER_DATE.test(text) && !/^\d+\.\d+\.\d\d?$/.test(text)) {
    return "write dates with the year first, here and in the context: '2024-01-31'";
  }
  if (NUMBER.test(text) && !(isNamedVersion && text.includes('.'))) {
    return `to compare numbers, write ${text} without quotes`;
  }
  const [, version] = VERSION.exec(text) ?? [];
  return version === undefined
    ? undefined
    : `put versions into the context as lists of numbers, and write [${version.split('.').map(Number).join(', ')}]`;
}
