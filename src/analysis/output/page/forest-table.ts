import { html, type Html } from '../../../ui/html.ts';
import { icon } from '../../../ui/icons.ts';
import { intervalChart, reachOf } from '../../../ui/charts/interval-chart.ts';
import { variantKey } from '../../../ui/variant-key.ts';
import type { Comparison, MetricResult } from '../../result/result.ts';
import {
  formatChange,
  formatChangeInterval,
  formatDifference,
  formatDifferenceInterval,
  formatValue,
  trimZeros,
} from '../format.ts';
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

/** A group of rows below one heading. */
export interface ForestGroup {
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
export function forestTable(groups: readonly ForestGroup[], frame: ForestFrame): Html {
  const { control, treatments, reach, confidence } = frame;
  const scale = `Difference, ${trimZeros(formatChange(-reach))} to ${trimZeros(formatChange(reach))}, ${confidence} interval`;
  return html`<table class="grid forest" role="table">
    <thead role="rowgroup">
      <tr role="row">
        <th scope="col" role="columnheader">Metric</th>
        <th scope="col" role="columnheader" class="num">${control}</th>
        <th scope="col" role="columnheader" class="num">
          ${treatments.length === 1 ? (treatments[0] ?? '') : 'treatment'}
        </th>
        <th scope="col" role="columnheader" class="chart">${scale}</th>
        <th scope="col" role="columnheader">difference, interval</th>
        <th scope="col" role="columnheader"><span class="vh">verdict</span></th>
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${groups.map(
        ({ title, rows }) =>
          html`${
            title === ''
              ? ''
              : html`<tr class="group" role="row">
                  <th scope="colgroup" colspan="6" role="columnheader">${title}</th>
                </tr> `
          }${rows.map(({ metric, note }) => metricRows(metric, note, frame))}`,
      )}
    </tbody>
  </table>`;
}

function metricRows(metric: MetricResult, note: string, frame: ForestFrame): Html {
  return html`${metric.comparisons.map((comparison, i) => row(metric, comparison, i, note, frame))}`;
}

function row(
  metric: MetricResult,
  comparison: Comparison,
  position: number,
  note: string,
  frame: ForestFrame,
): Html {
  const { name, type, arms, definition, description } = metric;
  const { control, treatments, colours } = frame;
  const valueOf = (variant: string): string =>
    formatValue(type, arms.find((arm) => arm.variant === variant)?.value ?? null);
  const colour = colours.get(comparison.variant) ?? '1';
  const key =
    treatments.length === 1
      ? ''
      : html`<div class="small">${variantKey(comparison.variant, colour)}</div>`;
  const words = description ?? definition;
  const about = note === '' ? words : `${words.replace(/\.$/, '')}; ${note}`;
  const title =
    position === 0
      ? html`${name}
          <div class="tiny quiet">${about}</div>`
      : html`<span class="vh">${name}</span>`;
  return html`<tr role="row" class="${position === 0 ? 'one' : 'one same'}">
    <th scope="row" role="rowheader">${title}${key}</th>
    <td role="cell" class="num zeroarm"><span class="arm">${control}</span>${valueOf(control)}</td>
    <td role="cell" class="num onearm">
      <span class="arm">${comparison.variant}</span>${valueOf(comparison.variant)}
    </td>
    <td role="cell" class="chart">${chart(metric, comparison, colour, frame)}</td>
    <td role="cell" class="diff tab">${difference(metric, comparison)}</td>
    <td role="cell" class="say">${verdict(comparison)}</td>
  </tr> `;
}

function difference({ type }: MetricResult, comparison: Comparison): Html {
  const { relative, absolute, unadjusted } = comparison;
  if (isShown(relative)) {
    const plain =
      unadjusted === null
        ? ''
        : html`<div class="tiny quiet">
            ${formatChange(unadjusted.relative.estimate)} without CUPED
          </div>`;
    return html`<strong>${formatChange(relative.estimate)}</strong>
      <div class="tiny quiet">${formatChangeInterval(relative.interval)}</div>
      ${plain}`;
  }
  return html`<strong>${formatDifference(type, absolute.estimate)}</strong>
    <div class="tiny quiet">${formatDifferenceInterval(type, absolute.interval)}</div>`;
}

function verdict({ verdict: word, verdictText }: Comparison): Html {
  const tone = toneOf(word);
  return html`<span class="${tone} says"
    >${tone === 'quiet' ? '' : icon(tone === 'good' ? 'check' : 'alert')}<span
      >${verdictText}</span
    ></span
  >`;
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
