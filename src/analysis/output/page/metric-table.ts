import { html, type Html } from '../../../ui/html.ts';
import { type ForestRow, forestTable, type ForestValue } from '../../../ui/charts/forest-table.ts';
import { intervalChart, reachOf } from '../../../ui/charts/interval-chart.ts';
import type { Comparison, MetricResult } from '../../result/result.ts';
import { formatChange, formatChangeInterval, trimZeros } from '../../../ui/figures.ts';
import { formatDifference, formatDifferenceInterval, formatValue } from '../format.ts';
import { isShown, marginText, noPercentage, toneOf } from '../words.ts';

/** The largest difference on an axis, as a share; larger ones end in arrows. */
const MOST = 1;

/** The variants of an experiment, and the scale of its charts. */
export interface ForestFrame {
  readonly control: string;
  readonly treatments: readonly string[];
  readonly colours: ReadonlyMap<string, string>;
  /** The difference at both ends of all axes, as a share. */
  readonly reach: number;
  /** `95%`. */
  readonly confidence: string;
}

/** Metrics below one title. */
export interface MetricGroup {
  readonly title: string;
  readonly rows: readonly { readonly metric: MetricResult; readonly note: string }[];
}

/** Returns the scale on which the differences of these metrics fit. */
export function forestReach(metrics: readonly MetricResult[]): number {
  const limits = metrics.flatMap(({ comparisons, margin }) => [
    margin === null ? null : margin * 1.2,
    ...comparisons.flatMap(({ relative: { estimate, interval } }) =>
      estimate === null ? [] : [estimate, ...(interval ?? [])],
    ),
  ]);
  return reachOf(limits, MOST);
}

/** Renders metrics as rows with both values, the difference on a common scale, its interval and the verdict. */
export function metricTable(groups: readonly MetricGroup[], frame: ForestFrame): Html {
  const { control, treatments, reach, confidence } = frame;
  const head = {
    control,
    treatment: treatments.length === 1 ? (treatments[0] ?? '') : 'treatment',
    scale: `Difference, ${trimZeros(formatChange(-reach))} to ${trimZeros(formatChange(reach))}, ${confidence} interval`,
  };
  return forestTable(
    head,
    groups.map(({ title, rows }) => ({
      title,
      rows: rows.flatMap(({ metric, note }) =>
        metric.comparisons.map((comparison, i) => rowOf(metric, comparison, i, note, frame)),
      ),
    })),
  );
}

function rowOf(
  metric: MetricResult,
  comparison: Comparison,
  position: number,
  note: string,
  frame: ForestFrame,
): ForestRow {
  const { name, type, arms, definition, description } = metric;
  const { control, treatments, colours } = frame;
  const valueOf = (variant: string): ForestValue => ({
    variant,
    text: formatValue(type, arms.find((arm) => arm.variant === variant)?.value ?? null),
  });
  const colour = colours.get(comparison.variant) ?? '1';
  const words = description ?? definition;
  const about = note === '' ? words : `${words.replace(/\.$/, '')}; ${note}`;
  return {
    metric: name,
    about: position === 0 ? about : null,
    control: valueOf(control),
    treatment: valueOf(comparison.variant),
    colour: treatments.length === 1 ? null : colour,
    chart: chart(metric, comparison, colour, frame),
    ...difference(metric, comparison),
    verdict: { tone: toneOf(comparison.verdict), text: comparison.verdictText },
  };
}

function difference(
  { type }: MetricResult,
  { relative, absolute, unadjusted }: Comparison,
): Pick<ForestRow, 'difference' | 'below'> {
  if (!isShown(relative)) {
    return {
      difference: formatDifference(type, absolute.estimate),
      below: [formatDifferenceInterval(type, absolute.interval)],
    };
  }
  const plain =
    unadjusted === null ? [] : [`${formatChange(unadjusted.relative.estimate)} without CUPED`];
  return {
    difference: formatChange(relative.estimate),
    below: [formatChangeInterval(relative.interval), ...plain],
  };
}

function chart(
  metric: MetricResult,
  comparison: Comparison,
  colour: string,
  frame: ForestFrame,
): Html {
  const { name, margin, better } = metric;
  const { relative, variant, verdict: word } = comparison;
  const [low, high] = relative.interval ?? [null, null];
  if (!isShown(relative)) return html`<span class="tiny quiet">${noPercentage(comparison)}</span>`;
  const limit = margin === null ? '' : `; accepted: ${marginText(margin)} worse`;
  return intervalChart({
    estimate: relative.estimate,
    low,
    high,
    reach: frame.reach,
    colour: word === 'worse' ? 'bad' : colour,
    ...(margin !== null && { limit: better === 'up' ? -margin : margin }),
    label: `${name}, ${variant}: ${formatChange(relative.estimate)}, ${frame.confidence} interval ${formatChangeInterval(relative.interval)}${limit}`,
  });
}
