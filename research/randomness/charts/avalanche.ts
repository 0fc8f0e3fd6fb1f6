import { binomialHalf, HASH_BITS } from '../avalanche.ts';
import type { Flips } from '../measure.ts';
import { box, line, picture, points } from './frame.ts';

const BITS = [0, 16, 32, 48, 63];

/** Draws, for each bit of the hash, the share of one-character changes that flipped it. */
export function flippedChart(flips: readonly Flips[]): string {
  const changes = Math.min(...flips.map((one) => one.changes));
  const deviation = (0.5 / Math.sqrt(changes)) * 100;
  const series = flips.map(({ flipped, changes }) =>
    flipped.map((count, bit) => [bit, (count / changes) * 100] as const),
  );
  const reach = Math.max(
    4 * deviation,
    ...series.flat().map(([, percent]) => Math.abs(percent - 50) * 1.1),
  );
  const frame = { x: [-1, HASH_BITS], y: [50 - reach, 50 + reach] } as const;
  const [ids = [], seeds = []] = series;
  const tick = Number((3 * deviation).toPrecision(1));
  return picture(frame, {
    title: 'How often one changed character flips each bit of the hash',
    xLabel:
      'bit; blue: a character of the id, orange: of the seed (the band holds 95 of 100 by chance)',
    xTicks: BITS.map((bit) => [bit, String(bit)] as const),
    yTicks: [50 - tick, 50, 50 + tick].map(
      (percent) => [percent, `${Number(percent.toFixed(3))}%`] as const,
    ),
    content: [
      box(frame, 'band', [-1, HASH_BITS], [50 - 1.96 * deviation, 50 + 1.96 * deviation]),
      line(frame, 'chance', [
        [-1, 50],
        [HASH_BITS, 50],
      ]),
      points(frame, 'one', ids),
      points(frame, 'two', seeds),
    ],
  });
}

/** Draws how many bits one-character changes flip, beside what fair coins would. */
export function distancesChart(flips: readonly Flips[]): string {
  const changes = flips.reduce((sum, one) => sum + one.changes, 0);
  const shares = Array.from({ length: HASH_BITS + 1 }, (_, bits) => {
    const count = flips.reduce((sum, { distances }) => sum + (distances[bits] ?? 0), 0);
    return [bits, (count / changes) * 100] as const;
  });
  const frame = { x: [8, 56], y: [0, 11] } as const;
  const inFrame = shares.filter(([bits]) => bits >= 9 && bits <= 55);
  return picture(frame, {
    title: 'How many of 64 bits one changed character flips',
    xLabel: 'bits flipped (line: 64 fair coins)',
    xTicks: [16, 24, 32, 40, 48].map((bits) => [bits, String(bits)] as const),
    yTicks: [0, 5, 10].map((percent) => [percent, `${percent}%`] as const),
    content: [
      ...inFrame.map(([bits, percent]) =>
        box(frame, 'one', [bits - 0.4, bits + 0.4], [0, percent]),
      ),
      line(
        frame,
        'expected',
        inFrame.map(([bits]) => [bits, binomialHalf(bits) * 100]),
      ),
    ],
  });
}
