import { formatCount, formatPlural, formatShare, formatTest } from '../simulate/format.ts';
import {
  type AudienceSummary,
  type ExperimentSummary,
  isSplit,
  onlyVariant,
} from '../../../workbench/simulate/summary/summarize-experiment.ts';
import { jsonString } from '../json.ts';
import { html, type Html } from '../../../ui/html.ts';
import { deviationChart, formatPoints, reachOf, shareBar } from './share-chart.ts';
import { identityLabel } from '../../../specification/identity-paths.ts';

/** The most causes of failed decisions that are listed. */
const MAX_CAUSES = 5;

/** Renders one experiment: a table with charts for each audience, and the failed decisions. */
export function experimentSection(experiment: ExperimentSummary): Html {
  const { name, audiences } = experiment;
  const met = audiences.filter(({ units }) => units > 0);
  const empty = audiences.filter(({ units }) => units === 0).map(({ audience }) => audience + 1);
  const isUnfair = audiences.some(({ verdict }) => verdict === 'unfair');
  return html`<article class="card${isUnfair ? ' fault' : ''}">
    <h3>${name}</h3>
    ${methodOf(experiment)}
    ${met.map((audience) => audienceTable(audience, audiences.length > 1))}${
      empty.length === 0 ? '' : html`<p class="quiet">No units in audience ${empty.join(', ')}.</p>`
    }${heldOut(experiment)}${failures(experiment)}
  </article> `;
}

/** Renders the units that holdouts give the control; nothing without holdouts. */
function heldOut({ heldOut: units = [] }: ExperimentSummary): Html {
  return html`${units.map(
    ({ holdout, variant, count, share }) =>
      html`<p class="quiet">
        held out by ${holdout}: ${formatPlural(count, 'unit')} (${formatShare(share)}) get
        ${variant} instead
      </p>`,
  )}`;
}

/** Renders the method that decides; nothing if no bucket decides. */
function methodOf(experiment: ExperimentSummary): Html {
  if (!isSplit(experiment)) return html``;
  const { identity, seed } = experiment;
  return identity === 'random'
    ? html`<p class="quiet">drawn at random</p>`
    : html`<p class="quiet">
        by <code>${identityLabel(identity)}</code>, seed <code>${jsonString(seed)}</code>
      </p>`;
}

function audienceTable(audience: AudienceSummary, named: boolean): Html {
  const { rule, units, variants, verdict } = audience;
  const who = rule === undefined ? html`everyone else` : html`<code>${rule}</code>`;
  const title = named ? html`Audience ${audience.audience + 1}: ${who}, ` : html``;
  const only = onlyVariant(audience);
  if (only !== undefined) {
    const everyone = named ? title : html`Everyone, `;
    return html`<p>${everyone}${formatPlural(units, 'unit')}: <strong>${only}</strong></p>`;
  }
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

function verdictOf({ verdict, test }: AudienceSummary): Html {
  if (test === undefined) return html`<span class="quiet">Too few units to test.</span>`;
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
