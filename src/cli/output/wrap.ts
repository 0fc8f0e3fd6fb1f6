import type { Output } from '../host/host.ts';

/** The narrowest text, in characters; in narrower terminals, the terminal itself breaks lines. */
const MIN_WIDTH = 20;

/**
 * Breaks the long lines of a message at spaces, so that they fit into the terminal. Files and pipes get
 * the lines as they are. Lines that begin with spaces are excerpts of a rule and keep their form, so
 * that the carets stay under their place.
 *
 * @param margin the characters that stand before each line
 */
export function wrap(text: string, { isTTY, columns }: Output, margin: number): string {
  const width = columns - margin;
  if (!isTTY) return text;
  return text
    .split('\n')
    .map((line) => (line.startsWith('  ') ? line : wrapLines(line, width)))
    .join('\n');
}

/** Breaks a text at spaces, so that no line is longer than the width if that is possible. */
export function wrapLines(text: string, width: number | undefined): string {
  if (width === undefined || width < MIN_WIDTH) return text;
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (longer.length <= width || current === '') current = longer;
    else {
      lines.push(current);
      current = word;
    }
  }
  return [...lines, current].join('\n');
}
