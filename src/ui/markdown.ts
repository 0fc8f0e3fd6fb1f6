import { escapeInvisible } from '../errors/show-value.ts';

/** Characters with a meaning in Markdown or HTML. */
const MARKS = /[\\`*_[\]<>|~#@&]/g;

/** An address that platforms turn into a link, even without brackets. */
const LINK = /(https?|ftp|mailto|www)([:.])/gi;

/**
 * Escapes a text for one line of Markdown, also within a table: no markup, no link, no mention, no line break,
 * and invisible characters as their escapes.
 */
export function markdownText(text: string): string {
  return escapeInvisible(text.replaceAll(/\s+/g, ' '))
    .replaceAll(MARKS, (mark) => (mark === '@' || mark === '#' ? `${mark}\u200b` : `\\${mark}`))
    .replaceAll(LINK, '$1\u200b$2');
}

/** Renders rows as a table of Markdown, with the first column at the left and the others at the right. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
