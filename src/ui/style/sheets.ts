import { BASE, DOCUMENT } from './base.ts';
import { BLOCKS } from './blocks.ts';
import { CHARTS } from './charts.ts';
import { CONTROLS } from './controls.ts';
import { FRAME } from './frame.ts';
import { TABLES } from './tables.ts';
import { tokens } from './tokens.ts';

/** Returns the style sheet of pages. */
export function pageSheet(): string {
  return [tokens(':root'), BASE, DOCUMENT, BLOCKS, TABLES, CONTROLS, CHARTS, FRAME].join('');
}

/** The pixels of one rem in pages that don't change it. */
const REM = 16;

/**
 * Returns the style sheet of a shadow root: everything that can stand in one, without a page's frame and its
 * tables. The element around the content needs a colour and a font. Sizes are in pixels, because the page
 * around it may change what a rem is (`html { font-size: 62.5% }`).
 *
 * @param own the rules of the shadow root's own parts, which follow the others
 */
export function shadowSheet(own: string): string {
  return [tokens(':host'), BASE, BLOCKS, CONTROLS, CHARTS, own]
    .join('')
    .replaceAll(/([\d.]+)rem\b/g, (_, size: string) => `${Number(size) * REM}px`);
}
