import { note, panel, verdictLine } from '../../../ui/blocks.ts';
import { allocationBar } from '../../../ui/charts/allocation-bar.ts';
import { bucketStrip } from '../../../ui/charts/bucket-strip.ts';
import { splitReach, type SplitRow, splitTable } from '../../../ui/charts/split-table.ts';
import { tag } from '../../../ui/controls/chips.ts';
import { formatCount, formatP, formatPlural, formatShare } from '../../../ui/figures.ts';
import { html, type Html } from '../../../ui/html.ts';
import { type VariantColours, variantKey } from '../../../ui/variant-key.ts';
import { identityLabel } from '../../../specification/identity-paths.ts';
import {
  type AudienceSummary,
  type ExperimentSummary,
  onlyVariant,
} from '../../../workbench/simulate/summary/summarize-experiment.ts';
import { jsonString } from '../json.ts';
import type { ReportExperiment } from './report-experiment.ts';

/** The most causes of failed decisions that are listed. */
const MAX_CAUSES = 5;

/** The usual threshold of significance: below it, the corrected p-value is shown too. */
const NOTICED = 0.05;

/** The height of the strip of buckets in pixels. */
const STRIP_HEIGHT = 16;

/** Renders an experiment that buckets split: each audience's buckets, split and verdict, and failed decisions. */
export function experimentPanel(experiment: ReportExperiment): Html {
  const { summary, id, colours, isHoldout } = experiment;
  const { audiences } = summary;
  const met = audiences.filter(({ units }) => units > 0);
  const empty = audiences.filter(({ units }) => units === 0).map(({ audience }) => audience + 1);
  const tested = met.filter((audience) => onlyVariant(audience) === undefined);
  const reach = splitReach(tested.flatMap((audience) => rowsOf(audience, colours)));
  const blocks = met.map(
    (audience) =>
      html`<div class="aud">
        ${audiences.length > 1 ? heading(audience, colours) : ''}${tested.includes(audience) ? split(audience, reach, experiment) : ''}
      </div> `,
  );
  const without =
    empty.length === 0
      ? ''
      : html`<p class="aud quiet">
          No units in ${empty.length === 1 ? 'audience' : 'audiences'} ${empty.join(', ')}.
        </p>`;
  return panel(
    id,
    summary.name,
    html`${isHoldout ? html`${tag('holdout')} ` : ''}${methodOf(summary)}`,
    html`${blocks}${without}${heldOut(summary)}${failures(summary)}`,
  );
}

/** Names an audience by its number and rule, with its units, and its variant if all units get one. */
function heading(audience: AudienceSummary, colours: VariantColours): Html {
  const { rule, units } = audience;
  const only = onlyVariant(audience);
  const given = only === undefined ? '' : html`: ${variantKey(only, colours.get(only) ?? 'p')}`;
  return html`<p class="small">
    Audience ${audience.audience + 1},
    ${rule === undefined ? 'everyone else' : html`<code>${rule}</code>`}${given}
    <span class="quiet tab">${formatPlural(units, 'unit')}</span>
  </p>`;
}

/** Renders the method that decides, as a subtitle. */
function methodOf({ identity, seed }: ExperimentSummary): Html {
  return identity === 'random'
    ? html`drawn at random`
    : html`by <code>${identityLabel(identity)}</code>, seed <code>${jsonString(seed)}</code>`;
}

function split(
  audience: AudienceSummary,
  reach: number,
  { colours, buckets, allocations, summary }: ReportExperiment,
): Html {
  const shares = allocations[audience.audience] ?? [];
  const isOff = audience.verdict === 'unfair';
  const picture =
    summary.identity === 'random'
      ? allocationBar(shares, colours)
      : bucketStrip({ shares, colours, buckets, height: STRIP_HEIGHT });
  return html`${verdictOf(audience)}
    <div class="fit">${picture}</div>
    ${splitTable(rowsOf(audience, colours), { reach, isOff })}`;
}

function rowsOf({ variants }: AudienceSummary, colours: VariantColours): readonly SplitRow[] {
  return variants.map(({ variant, percent, count, share, low, high }) => ({
    variant,
    colour: colours.get(variant) ?? 'p',
    units: count,
    expectedShare: percent / 100,
    share,
    low,
    high,
  }));
}

function verdictOf({ verdict, test }: AudienceSummary): Html {
  if (test === undefined) return verdictLine('quiet', 'Too few units to test.');
  const { p, corrected, statistic, degrees } = test;
  const isCorrected = p < NOTICED && formatP(p) !== formatP(corrected);
  const figures = [
    formatP(p),
    ...(isCorrected ? [`corrected ${formatP(corrected)}`] : []),
    `chi-square ${statistic.toFixed(2)} with ${formatPlural(degrees, 'degree')} of freedom`,
  ].join(', ');
  return verdict === 'unfair'
    ? verdictLine('bad', 'Split is off', `(sample ratio mismatch, ${figures})`)
    : verdictLine('good', 'Split looks right', `(${figures})`);
}

/** Renders the units that holdouts give the control; nothing without holdouts. */
export function heldOut({ heldOut: units = [] }: ExperimentSummary): Html {
  return html`${units.map(
    ({ holdout, variant, count, share }) =>
      html`<p class="aud quiet">
        Held out by ${holdout}: ${formatPlural(count, 'unit')} (${formatShare(share)}) get
        ${variant} instead.
      </p>`,
  )}`;
}

/** Renders the causes of failed decisions; nothing without them. */
export function failures({ failed, failures: causes }: ExperimentSummary): Html {
  if (failed === 0) return html``;
  const items = causes.slice(0, MAX_CAUSES).map(
    ({ audience, message, count }) =>
      html`<p class="small">Audience ${audience + 1}, ${formatPlural(count, 'unit')}:</p>
        <pre>${message}</pre>`,
  );
  const more = causes.length - MAX_CAUSES;
  const rest = more > 0 ? html`<p class="small">And ${formatCount(more)} more causes.</p>` : html``;
  return html`<div class="aud">
    ${note('warn', `Decisions failed for ${formatPlural(failed, 'unit')}.`, html`${items}${rest}`)}
  </div>`;
}
