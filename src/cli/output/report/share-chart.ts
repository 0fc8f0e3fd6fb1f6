import { formatShare } from '../simulate/format.ts';
import type { VariantShare } from '../../../workbench/simulate/summary/summarize-experiment.ts';
import { html, type Html } from '../../../ui/html.ts';

/** The size of a chart in SVG units; it is stretched to its column. */
const WIDTH = 400;
const HEIGHT = 24;
const MIDDLE = HEIGHT / 2;

/** Draws a variant's share as a bar from 0 to 100%, with a tick at its allocation. */
export function shareBar({ variant, percent, share }: VariantShare): Html {
  const tick = round((percent / 100) * WIDTH);
  const label = `${variant}: ${formatShare(share)}, allocated ${percent}%`;
  return row(
    label,
    html`<rect class="track" width="${WIDTH}" height="${HEIGHT}" rx="3" />
      <rect class="bar" width="${round(share * WIDTH)}" height="${HEIGHT}" rx="3" />
      <line
        class="tick"
        x1="${tick}"
        x2="${tick}"
        y1="0"
        y2="${HEIGHT}"
        vector-effect="non-scaling-stroke"
      />`,
  );
}

/**
 * Draws a share's deviation from its allocation, with the 95% interval; 0 is in the middle.
 *
 * @param reach the share that half of the chart represents; see {@link reachOf}
 */
export function deviationChart(
  { variant, percent, share, low, high }: VariantShare,
  reach: number,
): Html {
  const allocated = percent / 100;
  const at = (value: number): number =>
    round(WIDTH / 2 + ((value - allocated) / reach) * (WIDTH / 2));
  const label = `${variant}: ${formatPoints(share - allocated)}, 95% interval ${formatPoints(low - allocated)} to ${formatPoints(high - allocated)}`;
  return row(
    label,
    html`<line
        class="axis"
        x1="0"
        x2="${WIDTH}"
        y1="${MIDDLE}"
        y2="${MIDDLE}"
        vector-effect="non-scaling-stroke"
      />
      <line
        class="tick"
        x1="${WIDTH / 2}"
        x2="${WIDTH / 2}"
        y1="0"
        y2="${HEIGHT}"
        vector-effect="non-scaling-stroke"
      />
      <line
        class="interval"
        x1="${at(low)}"
        x2="${at(high)}"
        y1="${MIDDLE}"
        y2="${MIDDLE}"
        vector-effect="non-scaling-stroke"
      />
      <rect
        class="point"
        x="${round(at(share) - 4)}"
        y="${MIDDLE - 7}"
        width="8"
        height="14"
        rx="2"
      />`,
  );
}

/** Draws the marks of one row under a label. */
function row(label: string, marks: Html): Html {
  return html`<svg
    class="row"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    preserveAspectRatio="none"
    role="img"
    aria-label="${label}"
  >
    <title>${label}</title>
    ${marks}
  </svg>`;
}

/** Returns the share that half of a deviation chart represents, so that every interval fits. */
export function reachOf(variants: readonly VariantShare[]): number {
  const farthest = variants.flatMap(({ low, high, percent }) => [
    Math.abs(low - percent / 100),
    Math.abs(high - percent / 100),
  ]);
  // 5% more, so that no interval touches the edge.
  return Math.max(1e-6, ...farthest) * 1.05;
}

/** Formats a difference of shares in percentage points, with its sign: `+0.08`. */
export function formatPoints(difference: number): string {
  const points = (difference * 100).toFixed(2);
  return difference >= 0 ? `+${points}` : points;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
