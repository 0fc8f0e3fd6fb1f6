import { panel } from '../../../ui/blocks.ts';
import { formatCount } from '../../../ui/figures.ts';
import { html, type Html } from '../../../ui/html.ts';
import { type VariantColours, variantKey } from '../../../ui/variant-key.ts';
import {
  type AudienceSummary,
  type ExperimentSummary,
  onlyVariant,
} from '../../../workbench/simulate/summary/summarize-experiment.ts';
import { failures, heldOut } from './experiment-panel.ts';
import type { ReportExperiment } from './report-experiment.ts';

/**
 * Renders switches, or experiments that give each audience one variant, as sentences: "everyone: on". Empty
 * without any.
 */
export function unsplitPanel(
  id: string,
  title: string,
  experiments: readonly ReportExperiment[],
): Html {
  if (experiments.length === 0) return html``;
  const rows = experiments.map(
    ({ summary, colours }) =>
      html`${summary.audiences.map((audience, i) => row(summary, audience, i, colours))}${remarks(summary)}`,
  );
  return panel(
    id,
    title,
    'every audience gets one variant, so there is no split to test',
    html`<table class="grid">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Variant</th>
          <th scope="col" class="num">units</th>
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>`,
  );
}

function row(
  { name, audiences }: ExperimentSummary,
  audience: AudienceSummary,
  position: number,
  colours: VariantColours,
): Html {
  const { rule, units } = audience;
  const variant = onlyVariant(audience) ?? '';
  const last = audiences.length === 1 ? 'everyone' : 'everyone else';
  const title =
    position === 0
      ? html`<th scope="row" rowspan="${audiences.length}" class="name">${name}</th> `
      : '';
  return html`<tr>
    ${title}
    <td>
      ${rule === undefined ? last : html`<code>${rule}</code>`}:
      ${variantKey(variant, colours.get(variant) ?? 'p')}
    </td>
    <td class="num">${formatCount(units)}</td>
  </tr> `;
}

/** Renders what happened to some units, as a row below those of the experiment; empty if nothing did. */
function remarks(summary: ExperimentSummary): Html {
  if (summary.failed === 0 && summary.heldOut === undefined) return html``;
  return html`<tr>
    <td colspan="3">${heldOut(summary)}${failures(summary)}</td>
  </tr> `;
}
