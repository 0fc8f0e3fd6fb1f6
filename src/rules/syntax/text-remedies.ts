/** A text in a rule, as it is written: `'@x.com'`. */
const TEXT = /^(?:'[^'\\]*'|"[^"\\]*")$/;

/** Returns how a rule looks for the beginning of a text, or for another part of it. */
export function startTest(object: string, text: string): string {
  const length = lengthOf(text);
  return length === undefined ? `${object}[:n] == ${text}` : `${object}[:${length}] == ${text}`;
}

/** Returns how a rule looks for the end of a text. */
export function endTest(object: string, text: string): string {
  const length = lengthOf(text);
  return length === undefined ? `${object}[-n:] == ${text}` : `${object}[-${length}:] == ${text}`;
}

/** Returns how a rule looks for an item of a list or a part of a text. */
export function memberTest(container: string, item: string): string {
  return `${item} in ${container}`;
}

/** Returns the test that stands for a pattern of SQL: `'%@x.com'`. */
export function patternTest(object: string, pattern: string): string {
  const [, mark = "'", start = '', body = '', end = ''] =
    /^(['"])(%?)([^%_]*)(%?)\1$/.exec(pattern) ?? [];
  const text = `${mark}${body}${mark}`;
  if (body === '') return startTest(object, "'ab'");
  if (start !== '' && end !== '') return memberTest(object, text);
  if (start !== '') return endTest(object, text);
  return end === '' ? `${object} == ${text}` : startTest(object, text);
}

/** Returns the number of characters of a text as it is written; undefined for anything else. */
function lengthOf(text: string): number | undefined {
  return TEXT.test(text) ? Array.from(text).length - 2 : undefined;
}
