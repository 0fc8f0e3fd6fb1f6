import type { Position } from '../../json/positions.ts';
import { withoutBom } from '../../json/positions.ts';
import type { Colour } from './colour.ts';

/** The most characters of a long line that are shown around the place. */
const MAX_SHOWN = 100;

/** The most of these characters that come before the place. */
const LEAD = 40;

/**
 * Renders the line of a place in a text, with its number and with carets under the value, name or word
 * that begins there.
 */
export function excerpt(text: string, { line, column }: Position, colour: Colour): string {
  const source = withoutBom(text).split(/\r\n?|\n/)[line - 1] ?? '';
  const from = column - 1 > LEAD && source.length > MAX_SHOWN ? column - 1 - LEAD : 0;
  const to = Math.min(source.length, from + MAX_SHOWN);
  const lead = from > 0 ? '…' : '';
  const tail = to < source.length ? '…' : '';
  // Tabs and control characters would misplace the caret or move the terminal's cursor.
  const shown = source
    .slice(from, to)
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (one) => ' '.repeat(one.length));
  const length = Math.max(1, Math.min(tokenLength(source, column - 1), to - (column - 1)));
  const gutter = String(line);
  const blank = ' '.repeat(gutter.length);
  const caret = `${' '.repeat(lead.length + column - 1 - from)}${'^'.repeat(length)}`;
  return (
    `${`${colour.dim(`${gutter} |`)} ${lead}${shown}${tail}`.trimEnd()}\n` +
    `${colour.dim(`${blank} |`)} ${colour.red(caret)}`
  );
}

/** Returns the length of the string, word or number at an offset of a line; 1 for anything else. */
function tokenLength(source: string, offset: number): number {
  // Only the part that can be shown: lines may be megabytes long.
  const rest = source.slice(offset, offset + MAX_SHOWN);
  const [token = ''] = /^(?:"(?:[^"\\]|\\.)*"?|[-+.\p{L}\p{N}_$]+)/u.exec(rest) ?? [];
  return token.length;
}
