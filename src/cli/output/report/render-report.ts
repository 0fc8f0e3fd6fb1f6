import { formatPlural } from '../../../ui/figures.ts';
import { html } from '../../../ui/html.ts';
import { singlePage } from '../../../ui/page.ts';
import { isSwitch } from '../../../ui/variant-key.ts';
import { formatInstant } from '../../../specification/instant.ts';
import type { Job } from '../../../workbench/simulate/job.ts';
import type { Plan } from '../../../workbench/simulate/plan/plan.ts';
import { isSplit } from '../../../workbench/simulate/summary/summarize-experiment.ts';
import { FALSE_ALARM, type Summary } from '../../../workbench/simulate/summary/summary.ts';
import { describeUnits } from '../simulate/render-simulation.ts';
import { experimentPanel } from './experiment-panel.ts';
import { pairsPanel } from '../../../workbench/simulate/page/pairs-panel.ts';
import { type ReportExperiment, reportExperiments } from './report-experiment.ts';
import { reportNotes } from './report-notes.ts';
import { unsplitPanel } from './unsplit-panel.ts';

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

/** The origin of the figures on the page. */
export interface ReportSource {
  /** The specification's path. */
  readonly origin: string;
  readonly job: Pick<Job, 'units' | 'now'>;
}

/** Renders a simulation as one HTML page that loads nothing and needs no script. */
export function renderReport(summary: Summary, plan: Plan, { origin, job }: ReportSource): string {
  const experiments = reportExperiments(summary, plan);
  const split = experiments.filter((one) => isSplit(one.summary));
  const unsplit = experiments.filter((one) => !isSplit(one.summary));
  const switches = unsplit.filter(({ variants }) => isSwitch(variants));
  const settled = unsplit.filter(({ variants }) => !isSwitch(variants));
  const title = `Simulation of ${origin}`;
  const body = html`<h1>${title}</h1>
    <p class="lead after">${lead(summary, plan, job, experiments)}</p>
    <div class="stack">
      ${reportNotes(summary, job.units, experiments)}${pairsPanel(summary)}${split.map(experimentPanel)}${unsplitPanel('switches', 'Switches', switches)}${unsplitPanel('settled', 'One variant for everyone', settled)}
      <p class="small quiet">
        The p-values come from Pearson’s chi-square tests. Pairs are tested within their audiences.
        A split or a pair is marked if its p-value, after Holm’s correction for the number of tests,
        is below ${FALSE_ALARM}.
      </p>
    </div>`;
  return singlePage({
    title,
    origin: `npx evenhand simulate --report, ${DATE.format(job.now)}`,
    body,
  });
}

function lead(
  summary: Summary,
  { assigners }: Plan,
  { units, now }: Pick<Job, 'units' | 'now'>,
  experiments: readonly ReportExperiment[],
): string {
  const switches = experiments.filter(({ variants }) => isSwitch(variants)).length;
  const holdouts = summary.holdouts?.length ?? 0;
  const counts = [
    describeUnits(summary, units),
    formatPlural(experiments.length - switches - holdouts, 'experiment'),
    ...(switches === 0 ? [] : [formatPlural(switches, 'switch', 'switches')]),
    ...(holdouts === 0 ? [] : [formatPlural(holdouts, 'holdout')]),
    formatPlural(summary.pairs.length, 'pair'),
  ];
  const isScheduled = assigners.some(({ experiment }) => experiment.spec.schedule !== undefined);
  const at = isScheduled ? ` Audiences in force at ${formatInstant(now)}.` : '';
  return `${counts.join(', ')}.${at} This page loads nothing and runs nothing.`;
}
