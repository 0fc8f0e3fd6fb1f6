import { panel } from '../../../ui/blocks.ts';
import { html, type Html } from '../../../ui/html.ts';
import type { Result, SegmentResult } from '../../result/result.ts';
import { decidingMetrics, describeUnits } from '../words.ts';
import { type ForestFrame, forestReach, metricTable } from './metric-table.ts';

/** Renders the results by segment, one panel for each context path. */
export function segmentPanels({ segments }: Result, frame: ForestFrame): Html {
  const paths = [...new Set(segments.map(({ path }) => path))];
  return html`${paths.map((path, i) =>
    segmentPanel(
      path,
      i,
      segments.filter((segment) => segment.path === path),
      frame,
    ),
  )}`;
}

function segmentPanel(
  path: string,
  position: number,
  segments: readonly SegmentResult[],
  frame: ForestFrame,
): Html {
  const shown = segments.map((segment) => ({ segment, metrics: decidingMetrics(segment.metrics) }));
  const reach = forestReach(shown.flatMap(({ metrics }) => metrics));
  const groups = shown.map(({ segment: { value, units }, metrics }) => {
    const total = Object.values(units).reduce((sum, one) => sum + one, 0);
    return {
      title: `${value}: ${describeUnits({ total, byVariant: units })}`,
      rows: metrics.map((metric) => ({ metric, note: '' })),
    };
  });
  return panel(
    `segment-${position + 1}`,
    `By ${path}`,
    'where to look next; only the results of all units decide',
    metricTable(groups, { ...frame, reach }),
  );
}
