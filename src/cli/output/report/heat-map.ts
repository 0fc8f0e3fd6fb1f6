import { formatP } from '../simulate/format.ts';
import type { PairSummary } from '../../../workbench/simulate/summary/summarize-pair.ts';
import { html, type Html } from '../../../ui/html.ts';

/** The most experiments on a map; more would be unreadable. */
export const MAX_HEAT_MAP = 40;

const CELL = 30;

/** The approximate width of a character, in SVG units. */
const CHARACTER = 7;

/** The height of a column name relative to its length, as it is rotated by 45 degrees. */
const SLANT = 0.71;

/** The most characters of a name that are shown beside the map. */
const MAX_NAME = 24;

/** The opacity of a cell without dependence, so that it differs from an untested cell. */
const FAINTEST = 0.06;

/** Draws the strength of dependence of each pair of experiments; darker is stronger. */
export function heatMap(names: readonly string[], pairs: readonly PairSummary[]): Html {
  const byNames = new Map(pairs.map((pair) => [`${pair.a} ${pair.b}`, pair]));
  const longest = Math.max(...names.map((name) => shorten(name).length)) * CHARACTER;
  const left = longest + 16;
  const top = Math.round(longest * SLANT) + 24;
  const width = left + names.length * CELL + top;
  const height = top + names.length * CELL + 4;
  const cells = names.flatMap((b, row) =>
    names.slice(0, row).flatMap((a, column) => {
      const pair = byNames.get(`${a} ${b}`) ?? byNames.get(`${b} ${a}`);
      return pair === undefined ? [] : [cell(pair, left + column * CELL, top + row * CELL)];
    }),
  );
  const rows = names.map(
    (name, row) =>
      html`<text x="${left - 8}" y="${top + row * CELL + 19}" text-anchor="end"
        >${shorten(name)}</text
      >`,
  );
  const columns = names.map((name, column) => {
    const x = left + column * CELL + 18;
    return html`<text transform="translate(${x} ${top - 6}) rotate(-45)">${shorten(name)}</text>`;
  });
  return html`<svg
    viewBox="0 0 ${width} ${height}"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="Strength of dependence of each pair of experiments"
  >
    <title>Strength of dependence of each pair of experiments</title>
    ${rows}${columns}${cells}
  </svg>`;
}

function cell(pair: PairSummary, x: number, y: number): Html {
  const { a, b, test, verdict } = pair;
  const isDependent = verdict === 'dependent';
  const state = isDependent ? 'dependent' : verdict;
  const figures =
    test === undefined ? '' : `: ${formatP(test.p)}, strength ${test.strength.toFixed(3)}`;
  const title = html`<title>${a} × ${b}${figures}, ${state}</title>`;
  const size = CELL - 3;
  const inner =
    test === undefined
      ? html`<rect
            class="empty ${isDependent ? 'dependent' : ''}"
            x="${x}"
            y="${y}"
            width="${size}"
            height="${size}"
            rx="3"
          /><text class="untested" x="${x + 11}" y="${y + 18}">–</text>`
      : html`<rect
          class="cell ${isDependent ? 'dependent' : ''}"
          x="${x}"
          y="${y}"
          width="${size}"
          height="${size}"
          rx="3"
          fill-opacity="${(FAINTEST + (1 - FAINTEST) * test.strength).toFixed(3)}"
        />`;
  return html`<g>${title}${inner}</g>`;
}

function shorten(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name;
}
