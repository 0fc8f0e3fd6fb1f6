import { disclosure } from '../../../ui/blocks.ts';
import { html, type Html } from '../../../ui/html.ts';
import { reachOf } from '../../../ui/charts/interval-chart.ts';
import { lineChart } from '../../../ui/charts/line-chart.ts';
import type { ExperimentPlan } from '../experiment-plan.ts';
import { chanceText, countText, percentText, countOf } from '../../../ui/words.ts';

/** Early weeks detect only large lifts; the axis ends at this multiple of the last one. */
const TIMES_LAST = 4;

/** The name of the horizontal axis: guardrails exclude a harm, other metrics detect a lift. */
export function axisName({ metric }: Pick<ExperimentPlan, 'metric'>): string {
  return metric.margin === null ? 'lift' : 'harm';
}

/** Draws the power of the planned units against the true lift; empty without units. */
export function powerChart(plan: ExperimentPlan): Html {
  const { curves, test, detectableLift } = plan;
  const points = curves.power;
  const last = points.at(-1);
  if (last === undefined || detectableLift === null) return html``;
  const index = points.findIndex(({ power }) => power >= test.targetPower);
  const targets = [0, 0.5, test.targetPower, 1];
  const chart = lineChart(
    [{ name: 'power', colour: 'ink', values: points.map(({ power }) => power), bands: [] }],
    {
      reach: 1,
      low: 0,
      // The line begins where the text of 0% would be.
      ticks: [...new Set(targets)].map((at) => ({ at, text: at === 0 ? '' : percentText(at) })),
      dates: [points[0], points[Math.floor(points.length / 2)], last].map((point) =>
        percentText(point?.lift ?? 0),
      ),
      label: `Power against the ${axisName(plan)}: ${chanceText(test.targetPower)} at ${percentText(detectableLift)}, ${chanceText(last.power)} at ${percentText(last.lift)}`,
      ...(index >= 0 && { mark: { index, text: percentText(detectableLift) } }),
    },
  );
  return html`<div class="fit">${chart}</div>`;
}

/** Draws the lift that is detected against the weeks, with a table; empty without new units a day. */
export function weeksChart(plan: ExperimentPlan): Html {
  const { curves, duration } = plan;
  const { weeks } = curves;
  const sizes = weeks.map(({ lift }) => (lift === null ? null : Math.abs(lift)));
  const known = sizes.filter((size) => size !== null);
  const least = known.at(-1);
  if (least === undefined) return html``;
  const reach = reachOf(known, TIMES_LAST * least);
  const planned = duration === null ? -1 : Math.max(0, duration.arrivalDays / 7 - 1);
  const middle = weeks[Math.floor((weeks.length - 1) / 2)];
  const chart = lineChart(
    [
      {
        name: 'detected',
        colour: 'ink',
        // What is beyond the axis would be drawn as a line along its top.
        values: sizes.map((size) => (size === null || size > reach ? null : size)),
        bands: [],
      },
    ],
    {
      reach,
      low: 0,
      ticks: [0, reach / 2, reach].map((at) => ({ at, text: percentText(at) })),
      dates: [weeks[0], middle, weeks.at(-1)].map((week) => countOf(week?.weeks ?? 0, 'week')),
      label: `Smallest ${axisName(plan)} by week: ${percentText(known[0] ?? 0)} at first, ${percentText(least)} after ${countOf(weeks.length, 'week')}`,
      ...(planned >= 0 &&
        planned <= weeks.length - 1 && {
          mark: {
            index: planned,
            text: `planned: ${countOf(duration?.arrivalDays ?? 0, 'day')}`,
          },
        }),
    },
  );
  return html`<div class="fit">${chart}</div>
    ${disclosure('Figures by week', weekTable(plan))}`;
}

function weekTable(plan: ExperimentPlan): Html {
  const rows = plan.curves.weeks.map(
    ({ weeks, units, lift }) =>
      html`<tr>
        <th scope="row">${countOf(weeks, 'week')}</th>
        <td class="num">${countText(units)}</td>
        <td class="num">${lift === null ? 'none' : percentText(lift)}</td>
      </tr> `,
  );
  return html`<table class="grid small">
    <thead>
      <tr>
        <th scope="col">After</th>
        <th scope="col" class="num">units</th>
        <th scope="col" class="num">smallest ${axisName(plan)}</th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table>`;
}
