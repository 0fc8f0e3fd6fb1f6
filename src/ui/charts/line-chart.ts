import { html, type Html } from '../html.ts';

/** A line over time. All lines of a chart have as many values as it has labels. */
export interface Line {
  readonly name: string;
  /** The colour of the variant. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
  /** An interval around each value, drawn as a band; null: none. */
  readonly bands: readonly (readonly [low: number | null, high: number | null] | null)[];
}

/** The axes of a line chart. */
export interface LineAxes {
  /** The value at the top. */
  readonly reach: number;
  /** The value at the bottom. Default: the negative of `reach`. */
  readonly low?: number;
  /** A position that a dashed line marks: the index of its values, and a text. Default: none. */
  readonly mark?: { readonly index: number; readonly text: string };
  /** The values with a hairline and a text. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  /** The texts below the first, the middle and the last value. */
  readonly dates: readonly string[];
  /** The figures in words. */
  readonly label: string;
}

const HEIGHT = 220;
const TOP = 12;
const BOTTOM = HEIGHT - 26;

/** The right end of the lines, in percent of the width; the names follow. */
const RIGHT = 87;

/** The space between the lines and the names, in percent of the width. */
const NAME_GAP = 1.2;

/** The least distance between two names, in pixels. */
const NAME_HEIGHT = 16;

/**
 * Draws lines with bands, around zero unless `low` is set. The paths are stretched to the width, and the texts keep their size.
 * Names stand at the ends of the lines; narrow containers hide them, so show a legend too.
 */
export function lineChart(lines: readonly Line[], axes: LineAxes): Html {
  const { reach, low = -reach, ticks, dates, label, mark } = axes;
  const middle = (reach + low) / 2;
  const y = (value: number): number =>
    round(TOP + ((1 - clamp((value - middle) / (reach - middle))) / 2) * (BOTTOM - TOP));
  const grid = ticks.map(
    ({ at, text }) =>
      html`<line
          class="${at === 0 ? 'zero' : 'axis'}"
          x1="0"
          x2="${RIGHT}%"
          y1="${y(at)}"
          y2="${y(at)}"
        /><text class="t" x="0" y="${y(at) - 5}">${text}</text>`,
  );
  return html`<svg class="lines" width="100%" height="${HEIGHT}" role="img" aria-label="${label}">
    ${grid}<svg
      x="0"
      y="0"
      width="${RIGHT}%"
      height="${HEIGHT}"
      viewBox="0 0 100 ${HEIGHT}"
      preserveAspectRatio="none"
    >
      ${lines.map((line) => html`${bandOf(line, y, reach)}${pathOf(line, y)}`)}</svg
    >${mark === undefined ? '' : markAt(mark, lines)}${namesOf(lines, y)}${dates.map((date, i) => dateAt(date, i, dates.length))}
  </svg>`;
}

function markAt({ index, text }: NonNullable<LineAxes['mark']>, lines: readonly Line[]): Html {
  const at = round((x(index, lines[0]?.values.length ?? 1) * RIGHT) / 100);
  const isLate = at > RIGHT / 2;
  return html`<line class="limit" x1="${at}%" x2="${at}%" y1="${TOP}" y2="${BOTTOM}" /><text
      class="t ink"
      x="${at + (isLate ? -1 : 1)}%"
      y="${BOTTOM - 6}"
      text-anchor="${isLate ? 'end' : 'start'}"
      >${text}</text
    >`;
}

/** Positions of the values from 0 to 100; a single value is at the end. */
function x(i: number, count: number): number {
  return count === 1 ? 100 : round((i / (count - 1)) * 100);
}

function pathOf({ colour, values }: Line, y: (value: number) => number): Html {
  let isOpen = false;
  const steps = values.map((value, i) => {
    const step = value === null ? '' : `${isOpen ? 'L' : 'M'}${x(i, values.length)} ${y(value)}`;
    isOpen = value !== null;
    return step;
  });
  return html`<path
    class="line s${colour}"
    vector-effect="non-scaling-stroke"
    d="${steps.join('')}"
  />`;
}

function bandOf(
  { colour, values, bands }: Line,
  y: (value: number) => number,
  reach: number,
): Html {
  const runs: { readonly at: number; readonly low: number; readonly high: number }[][] = [[]];
  for (const [i, band] of bands.entries()) {
    if (band === null) runs.push([]);
    else {
      const [low, high] = band;
      runs.at(-1)?.push({ at: x(i, values.length), low: y(low ?? -reach), high: y(high ?? reach) });
    }
  }
  const areas = runs
    .filter((run) => run.length > 1)
    .map((run) => {
      const there = run.map(({ at, high }) => `${at} ${high}`).join('L');
      const back = run.map(({ at, low }) => `${at} ${low}`).toReversed();
      return `M${there}L${back.join('L')}Z`;
    });
  return areas.length === 0 ? html`` : html`<path class="band v${colour}" d="${areas.join('')}" />`;
}

function namesOf(lines: readonly Line[], y: (value: number) => number): Html {
  const ends = lines
    .map(({ name, colour, values }) => ({ name, colour, value: values.at(-1) ?? null }))
    .flatMap(({ value, ...rest }) => (value === null ? [] : [{ ...rest, at: y(value) }]))
    .sort((a, b) => a.at - b.at);
  let last = Number.NEGATIVE_INFINITY;
  const dots = ends.map(
    ({ colour, at }) => html`<circle class="v${colour}" cx="${RIGHT}%" cy="${at}" r="3.5" />`,
  );
  const names = ends.map(({ name, at }) => {
    last = Math.max(at + 4, last + NAME_HEIGHT);
    return html`<text class="t ink endlabel" y="${last}">${name}<title>${name}</title></text>`;
  });
  // The inner picture cuts names that are longer than its width.
  const left = RIGHT + NAME_GAP;
  return html`${dots}<svg x="${left}%" width="${round(100 - left)}%" height="${HEIGHT}">
      ${names}
    </svg>`;
}

function dateAt(date: string, i: number, count: number): Html {
  const anchor = i === 0 ? 'start' : i === count - 1 ? 'end' : 'middle';
  const at = count === 1 ? RIGHT : round((i / (count - 1)) * RIGHT);
  const place = count === 1 ? 'end' : anchor;
  return html`<text class="t" x="${at}%" y="${HEIGHT - 6}" text-anchor="${place}">${date}</text>`;
}

function clamp(share: number): number {
  return Math.max(-1, Math.min(1, share));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
