import type { Results } from '../results.ts';
import { box, line, picture, points } from './frame.ts';

/** Draws how far the buckets are from 1%, in percent of it, for numbered ids under one seed. */
export function sharesChart({ counts, families }: Results): string {
  const ids = families[0]?.ids ?? 0;
  const expected = ids / counts.length;
  const off = counts.map((count, bucket) => [bucket, (count / expected - 1) * 100] as const);
  // A bucket's count is binomial.
  const deviation = Math.sqrt((1 - 1 / counts.length) / expected) * 100;
  const reach = Math.max(...off.map(([, percent]) => Math.abs(percent)), 3 * deviation) * 1.1;
  const frame = { x: [-1, counts.length], y: [-reach, reach] } as const;
  const tick = Number((2 * deviation).toPrecision(1));
  return picture(frame, {
    title: `${ids.toLocaleString('en')} numbered ids in 100 buckets: deviation from 1%, relative`,
    xLabel: 'bucket (the band holds 95 of 100 by chance)',
    xTicks: [0, 20, 40, 60, 80, 99].map((bucket) => [bucket, String(bucket)] as const),
    yTicks: [-tick, 0, tick].map((percent) => [percent, `${percent}%`] as const),
    content: [
      box(frame, 'band', [-1, counts.length], [-1.96 * deviation, 1.96 * deviation]),
      line(frame, 'chance', [
        [-1, 0],
        [counts.length, 0],
      ]),
      points(frame, 'one', off),
    ],
  });
}
