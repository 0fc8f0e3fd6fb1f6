import { html, type Html } from '../html.ts';
import type { Run } from './runs.ts';

/** The least distance between two numbers for each of their digits, in percent of the width. */
const NARROW = 3.2;
const WIDE = 1.3;

/**
 * Writes the first bucket of each run, and the last bucket, below a strip. Numbers that would touch others
 * are left out; those that would do so only on a phone have the class `fine`, which narrow strips hide.
 */
export function rulerLabels(runs: readonly Run[], buckets: number, y: number): Html {
  const last = buckets - 1;
  const least = String(last).length;
  const shown = [0, 100];
  const keep = (distance: number): number[] => {
    const kept: number[] = [];
    for (const { from } of runs) {
      const at = (from / buckets) * 100;
      if (shown.some((other) => Math.abs(other - at) < distance * least)) continue;
      shown.push(at);
      kept.push(from);
    }
    return kept;
  };
  const always = keep(NARROW);
  const wide = keep(WIDE);
  const text = (bucket: number, name: string): Html =>
    html`<text class="${name}" x="${percentOf(bucket, buckets)}%" y="${y}" text-anchor="middle"
      >${bucket}</text
    >`;
  return html`<text class="t" x="0" y="${y}">0</text
    >${always.map((one) => text(one, 't'))}${wide.map((one) => text(one, 't fine'))}<text
      class="t"
      x="100%"
      y="${y}"
      text-anchor="end"
      >${last}</text
    >`;
}

function percentOf(bucket: number, buckets: number): number {
  return Math.round((bucket / buckets) * 10_000) / 100;
}
