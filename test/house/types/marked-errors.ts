/** The comment before a line that must not compile. */
const MARK = '// @ts-expect-error';

/**
 * Removes the marks from code, so that the compiler reports the errors after them. Line numbers stay.
 */
export function withoutMarks(code: string): string {
  return code.replaceAll(MARK, '// fails');
}

/** Returns the numbers of the lines that must not compile. */
export function markedLines(code: string): number[] {
  const lines = code.split('\n');
  return lines.flatMap((line, i) => {
    if (!line.trim().startsWith(MARK)) return [];
    const next = lines.findIndex((text, at) => at > i && !text.trim().startsWith('//'));
    return [next + 1];
  });
}

/**
 * Returns the numbers of the lines in which the compiler found errors, each once.
 *
 * @param errors the lines that the compiler printed; an error in another file is returned as its text
 */
export function failedLines(errors: readonly string[], file: string): (number | string)[] {
  const places = errors.map((error) => {
    const [, name, line] = /^(.*)\((\d+),\d+\): error TS/.exec(error) ?? [];
    return name === file ? Number(line) : error;
  });
  return [...new Set(places)];
}
