import { disclosure, panel } from '../../../ui/blocks.ts';
import { html, type Html } from '../../../ui/html.ts';
import { reachOf } from '../../../ui/charts/interval-chart.ts';
import { type Line, lineChart } from '../../../ui/charts/line-chart.ts';
import { variantKey } from '../../../ui/variant-key.ts';
import type { Result, TimeLine } from '../../result/result.ts';
import {
  formatChange,
  formatChangeInterval,
  formatCount,
  formatTime,
  trimZeros,
} from '../../../ui/figures.ts';

/** The first days vary widely; the axis ends at this multiple of the last interval. */
const TIMES_LAST = 3;

/** Renders the cumulative differences, day by day. */
export function timeLinePanel(
  { timeLine }: Result,
  colours: ReadonlyMap<string, string>,
): Html | string {
  if (timeLine.length === 0) return '';
  const metrics = [...new Set(timeLine.map(({ metric }) => metric))];
  const blocks = metrics.map((metric) =>
    metricBlock(
      metric,
      timeLine.filter((line) => line.metric === metric),
      colours,
    ),
  );
  return panel(
    'time-line',
    'Cumulative difference, day by day',
    'each point uses all records before that day’s end, not only those of that day',
    html`${blocks}`,
  );
}

function metricBlock(
  metric: string,
  lines: readonly TimeLine[],
  colours: ReadonlyMap<string, string>,
): Html {
  const moments = [
    ...new Set(lines.flatMap(({ points }) => points.map(({ before }) => before))),
  ].sort();
  const drawn: Line[] = lines.map(({ variant, points }) => {
    const byMoment = new Map(points.map((point) => [point.before, point]));
    const inOrder = moments.map((moment) => byMoment.get(moment));
    return {
      name: variant,
      colour: colours.get(variant) ?? '1',
      values: inOrder.map((point) => point?.relative ?? null),
      bands: inOrder.map((point) => point?.interval ?? null),
    };
  });
  const reach = reachFor(drawn);
  const middle = moments.length > 2 ? [moments[Math.floor((moments.length - 1) / 2)]] : [];
  const ends = moments.length > 1 ? [moments[0], ...middle, moments.at(-1)] : moments;
  const last = lines.map(({ variant, points }) => {
    const { relative = null, interval = null } = points.at(-1) ?? {};
    return `${variant} ${formatChange(relative)} (${formatChangeInterval(interval)})`;
  });
  const chart = lineChart(drawn, {
    reach,
    ticks: [-reach, -reach / 2, 0, reach / 2, reach].map((at) => ({
      at,
      text: trimZeros(formatChange(at)),
    })),
    dates: ends.map((moment) => formatTime(moment ?? '')),
    label: `${metric}, cumulative difference; at the end: ${last.join(', ')}`,
  });
  const keys = drawn.map(({ name, colour }) => variantKey(name, colour));
  return html`<div class="block">
    <h3>${metric}</h3>
    <div class="fit">
      <div class="keys">${keys}</div>
      ${chart}
    </div>
    ${disclosure('Figures by day', html`${lines.map((line) => dayTable(metric, line))}`)}
  </div> `;
}

function reachFor(lines: readonly Line[]): number {
  const last = lines.flatMap(({ values, bands }) => [
    values.at(-1) ?? null,
    ...(bands.at(-1) ?? []),
  ]);
  const most = Math.max(...last.map((value) => TIMES_LAST * Math.abs(value ?? 0)));
  const all = lines.flatMap(({ values, bands }) => [
    ...values,
    ...bands.flatMap((band) => band ?? []),
  ]);
  return reachOf(all, most > 0 ? reachOf([most], Number.MAX_VALUE) : 1);
}

function dayTable(metric: string, { variant, points }: TimeLine): Html {
  const rows = points.map(
    ({ before, units, relative, interval }) =>
      html`<tr>
        <th scope="row" class="nowrap">${formatTime(before)}</th>
        <td class="num">${formatCount(Object.values(units).reduce((sum, one) => sum + one, 0))}</td>
        <td class="num">${formatChange(relative)}</td>
        <td class="num">${formatChangeInterval(interval)}</td>
      </tr> `,
  );
  return html`<div
    class="scroll-x"
    role="region"
    aria-label="${metric}, ${variant}, by day"
    tabindex="0"
  >
    <table class="grid small">
      <thead>
        <tr>
          <th scope="col">${variant}, before</th>
          <th scope="col" class="num">units</th>
          <th scope="col" class="num">difference</th>
          <th scope="col" class="num">interval</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div> `;
}
