import { P_BINS, type PSummary } from '../p-values.ts';
import { box, line, picture } from './frame.ts';

/**
 * Draws how many p-values lie in each part of [0, 1]. By chance, all parts have the same number.
 */
export function pValuesChart(title: string, summaries: readonly PSummary[]): string {
  const bins = Array.from({ length: P_BINS }, (_, bin) =>
    summaries.reduce((sum, { bins }) => sum + (bins[bin] ?? 0), 0),
  );
  const tests = bins.reduce((sum, count) => sum + count, 0);
  const expected = tests / P_BINS;
  const deviation = Math.sqrt(expected * (1 - 1 / P_BINS));
  const top = Math.max(...bins, expected + 3 * deviation) * 1.1;
  const frame = { x: [0, 1], y: [0, top] } as const;
  return picture(frame, {
    title: `${title} ${tests.toLocaleString('en')} p-values`,
    xLabel: 'p (the band holds 95 of 100 columns by chance)',
    xTicks: [0, 0.25, 0.5, 0.75, 1].map((p) => [p, String(p)] as const),
    yTicks: [0, Math.round(expected)].map((count) => [count, count.toLocaleString('en')] as const),
    content: [
      ...bins.map((count, bin) =>
        box(frame, 'one', [bin / P_BINS + 0.003, (bin + 1) / P_BINS - 0.003], [0, count]),
      ),
      box(frame, 'band', [0, 1], [expected - 1.96 * deviation, expected + 1.96 * deviation]),
      line(frame, 'expected', [
        [0, expected],
        [1, expected],
      ]),
    ],
  });
}
