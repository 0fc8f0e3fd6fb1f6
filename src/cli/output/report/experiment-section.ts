import { formatCount, formatPlural, formatShare, formatTest } from '../simulate/format.ts';
import type {
  AudienceSummary,
  ExperimentSummary,
} from '../../../workbench/simulate/summary/summarize-experiment.ts';
import { html, type Html } from './html.ts';
import { deviationChart, formatPoints, reachOf, shareBar } from './share-chart.ts';

/** The most causes of failed decisions that are listed. */
const MAX_CAUSES = 5;

/** Renders one experiment: a table with charts for each audience, and the failed decisions. */
export function experimentSection(experiment: ExperimentSummary): Html {
  const { name, identity, seed, audiences } = experiment;
  const by =
    identity === 'random'
      ? html`drawn at random`
      : html`by <code>${identity}</code>, seed <code>${JSON.stringify(seed)}</code>`;
  const met = audiences.filter(({ units }) => units > 0);
  const empty = audiences.filter(({ units }) => units === 0).map(({ audience }) => audience + 1);
  const isUnfair = audiences.some(({ verdict }) => verdict === 'unfair');
  return html`<article class="card${isUnfair ? ' fault' : ''}">
    <h3>${name}</h3>
    <p class="quiet">${by}</p>
    ${met.map((audience) => audienceTable(audience, audiences.length > 1))}${
      empty.length === 0 ? '' : html`<p class="quiet">No units in audience ${empty.join(', ')}.</p>`
    }${failures(experiment)}
  </article> `;
}

function audienceTable(audience: AudienceSummary, named: boolean): Html {
  const { rule, units, variants, verdict } = audience;
  const who = rule === undefined ? html`everyone else` : html`<code>${rule}</code>`;
  const title = named ? html`Audience ${audience.audience + 1}: ${who}, ` : html``;
  const reach = reachOf(variants);
  const rows = variants.map(
    (variant) =>
      html`<tr>
        <th scope="row">${variant.variant}</th>
        <td class="number">${variant.percent}%</td>
        <td class="number">${formatCount(variant.count)}</td>
        <td class="number">${formatShare(variant.share)}</td>
        <td>${shareBar(variant)}</td>
        <td>${deviationChart(variant, reach)}</td>
      </tr>`,
  );
  return html`<table class="shares ${verdict}">
    <caption>
      ${title}${formatPlural(units, 'unit')}. ${verdictOf(audience)}
    </caption>
    <thead>
      <tr>
        <th scope="col">variant</th>
        <th scope="col" class="number narrow">allocated</th>
        <th scope="col" class="number narrow">units</th>
        <th scope="col" class="number narrow">share</th>
        <th scope="col" class="chart">share, 0 to 100%; the tick is the allocation</th>
        <th scope="col" class="points">
          deviation, ${formatPoints(-reach)} to ${formatPoints(reach)} points, 95% interval
        </th>
      </tr>
    </thead>
    <tbody>
      ${rows}
    </tbody>
  </table> `;
}

function verdictOf({ verdict, test, variants }: AudienceSummary): Html {
  if (test === undefined) {
    const several = variants.filter(({ percent }) => percent > 0).length > 1;
    return html`<span class="quiet"
      >${several ? 'Too few units to test.' : 'One variant, nothing to test.'}</span
    >`;
  }
  const figures = `chi-square ${test.statistic.toFixed(2)} with ${formatPlural(test.degrees, 'degree')} of freedom, ${formatTest(test)}`;
  return verdict === 'unfair'
    ? html`<strong class="bad">Not as allocated:</strong> ${figures}`
    : html`<span class="good">As allocated:</span> ${figures}`;
}

function failures({ failed, failures: causes }: ExperimentSummary): Html {
  if (failed === 0) return html``;
  const items = causes.slice(0, MAX_CAUSES).map(
    ({ audience, message, count }) =>
      html`<p>Audience ${audience + 1}, ${formatPlural(count, 'unit')}:</p>
        <pre>${message}</pre>`,
  );
  return html`<div class="notice">
    <strong class="warn">Decisions failed for ${formatPlural(failed, 'unit')}.</strong>${items}
  </div>`;
}
