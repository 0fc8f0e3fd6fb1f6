import { HASH_BITS } from '../avalanche.ts';
import { round } from './frame.ts';

const CELL = 9;
const LEFT = 64;
const TOP = 46;

/** The upper bounds of the shades, in standard deviations. */
const SHADES = [1, 2, 3, 4, Number.POSITIVE_INFINITY];

/**
 * Draws how far the flips of each character of the text and each bit of the hash are from one half.
 */
export function bitMap(flipped: readonly (readonly number[])[], changes: number): string {
  const deviation = 0.5 / Math.sqrt(changes);
  const paths = SHADES.map(() => '');
  for (const [row, shares] of flipped.entries()) {
    for (const [bit, share] of shares.entries()) {
      const deviations = Math.abs(share - 0.5) / deviation;
      const shade = SHADES.findIndex((most) => deviations < most);
      paths[shade] += `M${LEFT + bit * CELL} ${TOP + row * CELL}h8v8h-8z`;
    }
  }
  const width = LEFT + HASH_BITS * CELL + 16;
  const height = TOP + flipped.length * CELL + 40;
  const title = `Texts of ${flipped.length} characters: which bits of the hash each character flips`;
  const middle = TOP + (flipped.length * CELL) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    '<style>:root{--ink:#1d2226;--page:#ffffff;--heat:#c2410c}@media(prefers-color-scheme:dark){:root{--ink:#e7ebee;--page:#14181b;--heat:#fb923c}}text{font:12px system-ui,sans-serif;fill:var(--ink)}.page{fill:var(--page)}path{fill:var(--heat)}</style>',
    `<rect class="page" width="${width}" height="${height}"/>`,
    `<text x="${LEFT}" y="20" style="font-size:14px">${title}</text>`,
    `<text x="${LEFT}" y="${TOP - 8}">bit of the hash, 0 to 63</text>`,
    `<text transform="translate(${LEFT - 12} ${round(middle)}) rotate(-90)" text-anchor="middle">character</text>`,
    ...paths.map((path, i) => `<path opacity="${[0.08, 0.2, 0.4, 0.7, 1][i]}" d="${path}"/>`),
    `<text x="${LEFT}" y="${height - 14}">the darkest are beyond 4 standard deviations of chance, the next beyond 3, 2, 1</text>`,
    '</svg>',
    '',
  ].join('\n');
}
