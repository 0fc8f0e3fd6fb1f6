import { factList, note, panel } from '../../../ui/blocks.ts';
import { html, type Html } from '../../../ui/html.ts';
import { singlePage } from '../../../ui/page.ts';
import type { ExperimentPlan, LookMethod } from '../experiment-plan.ts';
import { isPlanEnough } from '../plan-enough.ts';
import { axisName, powerChart, weeksChart } from './plan-charts.ts';
import { chanceText, countText, percentText, valueText } from '../../../ui/words.ts';

const LOOKS: Readonly<Record<LookMethod, string>> = {
  fixed: 'Once, at the end',
  hybrid: 'Every day, with a planned end',
  sequential: 'Every day, without an end',
};

/** Options of {@link planPage}. */
export interface PlanPageOptions {
  /** The text at the right of the header. Default: `Evenhand plan`. */
  readonly origin?: string;
}

/**
 * Renders a plan as one HTML page that loads nothing and needs no script, for light and dark schemes, phones
 * and print.
 */
export function planPage(plan: ExperimentPlan, { origin }: PlanPageOptions = {}): string {
  const { experiment, summary, notes, curves } = plan;
  const power = panel(
    'power',
    `Power against the true ${axisName(plan)}`,
    'for the planned units; the mark is the target',
    powerChart(plan),
  );
  const weeks = panel(
    'weeks',
    `The smallest ${axisName(plan)}, week by week`,
    'what a longer experiment gains',
    weeksChart(plan),
  );
  const remarks = notes.map(
    ({ text }) => html`<li>${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.</li> `,
  );
  const body = html`<h1>${experiment}</h1>
    <p class="lead">Plan of the experiment</p>
    ${facts(plan)}
    <div class="stack">
      ${note(isPlanEnough(plan) ? 'good' : 'warn', summary)}
      ${curves.power.length === 0 ? '' : power}
      ${curves.weeks.some(({ lift }) => lift !== null) ? weeks : ''}
      ${panel('looks', 'The price of looking', 'by the way that results are read', lookTable(plan))}
      ${
        remarks.length === 0
          ? ''
          : panel(
              'remarks',
              'Remarks',
              '',
              html`<ul class="in">
                ${remarks}
              </ul>`,
            )
      }
    </div>`;
  return singlePage({ title: `Plan of ${experiment}`, origin: origin ?? 'Evenhand plan', body });
}

function facts(plan: ExperimentPlan): Html {
  const { metric, baseline, test, duration, shares } = plan;
  const isShare = metric.type === 'proportion' || metric.type === 'retention';
  const rows: (readonly [label: string, text: string])[] = [
    ['Metric', metric.name],
    ['Before', valueText(baseline.value, isShare)],
    ['Confidence', percentText(test.confidence)],
    [
      'Shares',
      Object.entries(shares)
        .map(([name, share]) => `${name} ${percentText(share)}`)
        .join(', '),
    ],
  ];
  if (baseline.reduction > 0) rows.push(['CUPED', `−${percentText(baseline.reduction)} variance`]);
  if (duration !== null) {
    rows.push(['Days', countText(duration.totalDays)], ['Until', duration.until.slice(0, 10)]);
  }
  return factList(rows);
}

function lookTable(plan: ExperimentPlan): Html {
  const rows = plan.methods.map(
    ({ method, unitsNeeded, detectableLift, power }) =>
      html`<tr>
        <th scope="row">
          ${method === plan.test.method ? html`<b>${LOOKS[method]} (planned)</b>` : LOOKS[method]}
        </th>
        <td class="num">${unitsNeeded === null ? '–' : countText(unitsNeeded)}</td>
        <td class="num">${detectableLift === null ? '–' : percentText(detectableLift)}</td>
        <td class="num">${power === null ? '–' : chanceText(power)}</td>
      </tr> `,
  );
  return html`<div class="scroll-x" role="region" aria-label="Plans by method" tabindex="0">
    <table class="grid">
      <thead>
        <tr>
          <th scope="col">Results are read</th>
          <th scope="col" class="num">units needed</th>
          <th scope="col" class="num">smallest ${axisName(plan)}</th>
          <th scope="col" class="num">power</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}
