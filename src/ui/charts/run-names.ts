import { html, type Html } from '../html.ts';
import type { VariantColours } from '../variant-key.ts';
import type { Run } from './runs.ts';

/** The height of a row of names. */
export const NAMES_HEIGHT = 15;

/** Returns true if two variants of a strip have the same colour, so that only names tell them apart. */
export function needNames(runs: readonly Run[], colours: VariantColours): boolean {
  const used = new Map(runs.map(({ variant }) => [variant, colours.get(variant) ?? 'p']));
  const shown = [...used.values()].filter((colour) => colour !== 'p');
  return new Set(shown).size < shown.length;
}

/** Writes the name of each run below it, cut at the end of the run. */
export function runNames(runs: readonly Run[], buckets: number, top: number): Html {
  const percent = (count: number): number => Math.round((count / buckets) * 10_000) / 100;
  const names = runs.map(
    ({ variant, from, to }) =>
      html`<svg
        x="${percent(from)}%"
        y="${top}"
        width="${percent(to - from)}%"
        height="${NAMES_HEIGHT}"
      >
        <text class="t ink" y="11">${variant}</text>
      </svg>`,
  );
  return html`${names}`;
}
