/** The narrowest text, in characters; in narrower terminals, the terminal itself breaks lines. */
const MIN_WIDTH = 20;

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
