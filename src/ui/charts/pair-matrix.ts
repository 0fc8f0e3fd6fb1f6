import { formatPlural } from '../figures.ts';
import { html, type Html } from '../html.ts';

/** The dependence of two experiments. */
export interface MatrixPair {
  readonly a: string;
  readonly b: string;
  /** [0, 1]; null if the pair is not tested. */
  readonly strength: number | null;
  readonly isDependent: boolean;
  /** The figures in words, shown beside the pointer: "p = 0.41, strength 0.02". */
  readonly figures: string;
}

/** The distance between two cells; each is a little smaller. */
const STEP = 30;
const SIZE = 27;

/** The width of a character in the widest fonts of systems. */
const CHARACTER = 7.2;

/** The width and the height of a name of one unit's length, rotated by 45 degrees. */
const SLANT = Math.SQRT1_2;

/** The most characters of a name beside the matrix; the pointer shows it in full. */
const MAX_NAME = 24;

/** The opacity of a cell without dependence, which differs from an untested cell. */
const FAINTEST = 0.05;

/** The most dependent pairs that the label lists. */
const MAX_LISTED = 5;

/**
 * Draws the strength of dependence of each pair of experiments as a cell: more colour is stronger. Dependent
 * pairs have a frame and their strength as a number.
 */
export function pairMatrix(names: readonly string[], pairs: readonly MatrixPair[]): Html {
  const byNames = new Map(
    pairs.flatMap((pair) => [
      [keyOf(pair.a, pair.b), pair],
      [keyOf(pair.b, pair.a), pair],
    ]),
  );
  // The first name has no pair before it, and the last one none after it.
  const [rows, columns] = [names.slice(1), names.slice(0, -1)];
  const left = Math.round(longest(rows) * CHARACTER) + 12;
  const slanted = Math.round(longest(columns) * CHARACTER * SLANT);
  const top = slanted + 20;
  const width = left + Math.max(columns.length * STEP, (columns.length - 1) * STEP + 24 + slanted);
  const height = top + rows.length * STEP;
  const cells = rows.flatMap((b, row) =>
    columns.slice(0, row + 1).flatMap((a, column) => {
      const pair = byNames.get(keyOf(a, b));
      return pair === undefined ? [] : [cell(pair, left + column * STEP, top + row * STEP)];
    }),
  );
  return html`<svg
    class="pairs-map"
    width="${width}"
    height="${height}"
    role="img"
    aria-label="${labelOf(pairs)}"
  >
    ${rows.map((name, row) => rowName(name, left - 8, top + row * STEP + 18))}${columns.map((name, column) => columnName(name, left + column * STEP + 17, top - 7))}${cells}
  </svg>`;
}

function keyOf(a: string, b: string): string {
  return JSON.stringify([a, b]);
}

function longest(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => shorten(name).length));
}

function rowName(name: string, x: number, y: number): Html {
  return html`<text class="t" x="${x}" y="${y}" text-anchor="end"
    >${shorten(name)}<title>${name}</title></text
  >`;
}

function columnName(name: string, x: number, y: number): Html {
  return html`<text class="t" transform="translate(${x} ${y}) rotate(-45)"
    >${shorten(name)}<title>${name}</title></text
  >`;
}

function cell({ a, b, strength, isDependent, figures }: MatrixPair, x: number, y: number): Html {
  const square = (name: string, opacity = ''): Html =>
    html`<rect
      class="${name}"
      x="${x}"
      y="${y}"
      width="${SIZE}"
      height="${SIZE}"
      rx="3"
      ${opacity === '' ? '' : html`fill-opacity="${opacity}"`}
    />`;
  const heat =
    strength === null ? '' : square('heat', (FAINTEST + (1 - FAINTEST) * strength).toFixed(2));
  const text = (shown: string, name: string): Html =>
    html`<text class="${name}" x="${x + SIZE / 2}" y="${y + 18}" text-anchor="middle"
      >${shown}</text
    >`;
  const shown = strength === null ? '–' : shortStrength(strength);
  return html`<g class="${isDependent ? 'pair dependent' : 'pair'}"
    ><title>${a} × ${b}: ${figures}</title
    >${square('cell')}${heat}${isDependent ? square('framed') : ''}${isDependent || strength === null ? text(shown, isDependent ? 't ink strong' : 't') : ''}</g
  >`;
}

/** Formats a strength for a cell: `1.0`, `.34`. */
function shortStrength(strength: number): string {
  return strength >= 0.95 ? '1.0' : strength.toFixed(2).slice(1);
}

function labelOf(pairs: readonly MatrixPair[]): string {
  const dependent = pairs.filter(({ isDependent }) => isDependent);
  const untested = pairs.filter((one) => one.strength === null && !one.isDependent).length;
  const listed = dependent
    .slice(0, MAX_LISTED)
    .map(({ a, b, figures }) => `${a} × ${b} (${figures})`);
  const more = dependent.length > MAX_LISTED ? `, and ${dependent.length - MAX_LISTED} more` : '';
  const counts = [
    dependent.length === 0 ? 'no dependent pair' : `dependent: ${listed.join(', ')}${more}`,
    formatPlural(pairs.length - dependent.length - untested, 'other tested pair'),
    `${untested} not tested`,
  ];
  return `Strength of dependence of ${pairs.length === 1 ? '1 pair' : `${pairs.length} pairs`}: ${counts.join('; ')}`;
}

function shorten(name: string): string {
  return name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name;
}
