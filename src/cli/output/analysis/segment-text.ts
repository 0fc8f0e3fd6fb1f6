import { formatChange, formatChangeInterval, formatCount } from '../../../ui/figures.ts';
import { decidingMetrics, isShown, noPercentage, toneOf } from '../../../analysis/output/words.ts';
import type { MetricResult, Result } from '../../../analysis/result/result.ts';
import type { Colour } from '../colour.ts';
import { printable } from '../printable.ts';
import { type Cell, renderTable } from '../table.ts';

/** Renders the primary metrics by segment, one table for each context path. */
export function segmentText({ segments, variants }: Result, colour: Colour): string[] {
  const paths = [...new Set(segments.map(({ path }) => path))];
  return paths.map((path) => {
    const rows = segments
      .filter((segment) => segment.path === path)
      .flatMap(({ value, units, metrics }) => {
        const count = formatCount(Object.values(units).reduce((sum, one) => sum + one, 0));
        return decidingMetrics(metrics).flatMap((metric) =>
          metricRows(metric, value, count, variants, colour),
        );
      });
    return renderTable(rows, {
      head: [`by ${printable(path)}`, 'units', 'metric', 'difference', 'interval', 'verdict'],
      align: ['left', 'right', 'left', 'right', 'left', 'left'],
      colour,
    });
  });
}

function metricRows(
  { name, comparisons }: MetricResult,
  value: string,
  count: string,
  variants: readonly string[],
  colour: Colour,
): Cell[][] {
  return comparisons.map((comparison) => {
    const { variant, relative, verdict, verdictText } = comparison;
    const tone = toneOf(verdict);
    const paint = tone === 'good' ? colour.green : tone === 'bad' ? colour.red : colour.dim;
    return [
      value,
      count,
      variants.length === 2 ? name : `${name}, ${variant}`,
      formatChange(relative.estimate),
      isShown(relative) ? formatChangeInterval(relative.interval) : noPercentage(comparison),
      { text: verdictText, paint },
    ];
  });
}
