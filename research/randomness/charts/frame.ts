/** The drawing area, and the values at its edges. */
export interface Frame {
  readonly x: readonly [from: number, to: number];
  readonly y: readonly [from: number, to: number];
}

export const WIDTH = 720;
export const HEIGHT = 300;
const LEFT = 64;
const RIGHT = 16;
const TOP = 34;
const BOTTOM = 46;

/** Colours for a light and a dark page. */
const STYLE = `
:root{--ink:#1d2226;--quiet:#5c666d;--line:#dfe3e6;--one:#3b76b5;--two:#c2410c;--page:#ffffff}
@media(prefers-color-scheme:dark){:root{--ink:#e7ebee;--quiet:#9ba7af;--line:#333c43;--one:#6ea8e0;--two:#fb923c;--page:#14181b}}
text{font:12px system-ui,sans-serif;fill:var(--quiet)}.title{font-size:14px;fill:var(--ink)}
.page{fill:var(--page)}.grid{stroke:var(--line)}.one{fill:var(--one)}.two{fill:var(--two)}
.band{fill:var(--line);opacity:.7}.expected{stroke:var(--two);stroke-width:1.5;fill:none}
.chance{stroke:var(--ink);stroke-width:1.5;fill:none}`;

/** Returns the position of a value on the x axis, in the picture's units. */
export function atX({ x: [from, to] }: Frame, value: number): number {
  return round(LEFT + ((value - from) / (to - from)) * (WIDTH - LEFT - RIGHT));
}

/** Returns the position of a value on the y axis, in the picture's units. */
export function atY({ y: [from, to] }: Frame, value: number): number {
  return round(HEIGHT - BOTTOM - ((value - from) / (to - from)) * (HEIGHT - TOP - BOTTOM));
}

/** A tick of an axis with its label. */
export type Tick = readonly [value: number, label: string];

/** Returns a whole picture: title, axes, and the drawing between them. */
export function picture(
  frame: Frame,
  {
    title,
    xTicks,
    yTicks,
    xLabel,
    content,
  }: {
    title: string;
    xTicks: readonly Tick[];
    yTicks: readonly Tick[];
    xLabel: string;
    content: readonly string[];
  },
): string {
  const bottom = HEIGHT - BOTTOM;
  const rows = yTicks.map(([value, label]) => {
    const y = atY(frame, value);
    return `<path class="grid" d="M${LEFT} ${y}H${WIDTH - RIGHT}"/><text x="${LEFT - 8}" y="${y + 4}" text-anchor="end">${label}</text>`;
  });
  const columns = xTicks.map(
    ([value, label]) =>
      `<text x="${atX(frame, value)}" y="${bottom + 18}" text-anchor="middle">${label}</text>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="page" width="${WIDTH}" height="${HEIGHT}"/>`,
    `<text class="title" x="${LEFT}" y="20">${title}</text>`,
    ...rows,
    ...content,
    ...columns,
    `<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">${xLabel}</text>`,
    '</svg>',
    '',
  ].join('\n');
}

/** Draws a rectangle between two values on each axis. */
export function box(
  frame: Frame,
  style: string,
  [left, right]: readonly [number, number],
  [low, high]: readonly [number, number],
): string {
  const x = atX(frame, left);
  const y = atY(frame, high);
  return `<rect class="${style}" x="${x}" y="${y}" width="${round(atX(frame, right) - x)}" height="${round(atY(frame, low) - y)}"/>`;
}

/** Draws points as small circles. */
export function points(
  frame: Frame,
  style: string,
  places: readonly (readonly [number, number])[],
): string {
  const circles = places.map(
    ([x, y]) => `<circle cx="${atX(frame, x)}" cy="${atY(frame, y)}" r="2.5"/>`,
  );
  return `<g class="${style}">${circles.join('')}</g>`;
}

/** Draws a line through values. */
export function line(
  frame: Frame,
  style: string,
  places: readonly (readonly [number, number])[],
): string {
  const steps = places.map(([x, y]) => `${atX(frame, x)} ${atY(frame, y)}`);
  return `<path class="${style}" d="M${steps.join('L')}"/>`;
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
