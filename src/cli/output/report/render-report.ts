import { formatCount, formatPlural } from '../simulate/format.ts';
import type { Job } from '../../../workbench/simulate/job.ts';
import { describeUnits } from '../simulate/render-simulation.ts';
import { FALSE_ALARM, type Summary } from '../../../workbench/simulate/summary/summary.ts';
import { experimentSection } from './experiment-section.ts';
import { html, Html } from '../../../ui/html.ts';
import { pairSection } from './pair-section.ts';
import { STYLE } from './style.ts';

/** The origin of the figures on the page. */
export interface ReportSource {
  /** The specification's path. */
  readonly origin: string;
  readonly units: Job['units'];
}

/** The page loads and runs nothing, even if a name should contain HTML. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** Renders a simulation as one HTML page that loads nothing and needs no script. */
export function renderReport(summary: Summary, { origin, units }: ReportSource): string {
  const { experiments, holdouts = [] } = summary;
  const title = `Simulation of ${origin}`;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p class="quiet">${describeUnits(summary, units)}</p>
          ${notices(summary, units)} ${tiles(summary)} ${pairSection(summary)}
          <h2>Shares</h2>
          ${[...experiments, ...holdouts].map(experimentSection)}
          <p class="quiet">
            The p-values come from Pearson’s chi-square tests. Pairs are tested within their
            audiences. A share or a pair is marked if its p-value, after Holm’s correction for the
            number of tests, is below ${FALSE_ALARM}.
          </p>
        </main>
      </body>
    </html> `.text;
}

function tiles(summary: Summary): Html {
  const { units, experiments, pairs } = summary;
  const unfair = experiments.filter(({ audiences }) =>
    audiences.some(({ verdict }) => verdict === 'unfair'),
  ).length;
  const dependent = pairs.filter(({ verdict }) => verdict === 'dependent').length;
  const tile = (count: number, label: string, mark = ''): Html =>
    html`<li><strong class="${mark}">${formatCount(count)}</strong>${label}</li>`;
  return html`<ul class="tiles">
    ${tile(units, 'units')}${tile(experiments.length, 'experiments')}${tile(unfair, 'not as allocated', markOf(unfair))}${tile(pairs.length, 'pairs')}${tile(dependent, 'dependent pairs', markOf(dependent))}
  </ul>`;
}

function markOf(faults: number): string {
  return faults > 0 ? 'bad' : 'good';
}

function notices(summary: Summary, units: Job['units']): Html {
  const { partial, brokenLines, brokenLineCount, experiments } = summary;
  const parts: Html[] = [];
  if (partial) {
    parts.push(
      html`<p class="notice fault"><strong>Partial:</strong> the simulation was interrupted.</p>`,
    );
  }
  if (brokenLineCount > 0) {
    const lines = brokenLines.map(({ line, message }) => html`<br />line ${line}: ${message}`);
    parts.push(
      html`<p class="notice fault">
        <strong>${formatPlural(brokenLineCount, 'broken line')} skipped.</strong>${lines}
      </p>`,
    );
  }
  if (units.kind === 'generated' && experiments.some(({ failed }) => failed > 0)) {
    parts.push(
      html`<p class="notice">
        Generated units only have identities. If rules need more, use <code>--context</code> or
        <code>--contexts</code>.
      </p>`,
    );
  }
  return html`${parts}`;
}
