import { html, type Html } from '../../ui/html.ts';
import { icon } from '../../ui/icons.ts';
import type { ToolbarView, ViewedExperiment } from '../view/toolbar-view.ts';
import { openingRow } from './decision-row.ts';
import { variantForm } from './forms.ts';
import { cut, MAX_LISTED, restLine } from './markup.ts';
import type { PanelSetup } from './setup.ts';

/** The experiments that can be forced here; the others are only named. */
const MAX_FORCIBLE = 40;

const MAX_TEXT = 200;

/** Renders the experiments that the page did not use, with their allocations; another page may use them. */
export function unusedSection({ unused, forced }: ToolbarView, setup: PanelSetup): Html | '' {
  if (unused.length === 0) return '';
  const overrides = new Map(forced.map(({ name, value }) => [name, value]));
  const rows = unused
    .slice(0, MAX_LISTED)
    .map((experiment, i) =>
      i < MAX_FORCIBLE && experiment.kind !== 'holdout'
        ? openRow(experiment, overrides.get(experiment.name), setup)
        : flatRow(experiment),
    );
  const isOpen = unused.slice(0, MAX_FORCIBLE).some(({ name }) => name === setup.open);
  return html`<details class="section" data-row=":unused" ${isOpen ? html`open=""` : ''}>
    <summary>${icon('open')}${unused.length} not used here</summary>
    ${rows}${restLine(unused.length, 'experiment')}
  </details>`;
}

function openRow(
  { name, allocation, variants }: ViewedExperiment,
  override: string | undefined,
  setup: PanelSetup,
): Html {
  const isForced = override !== undefined;
  const choice = { name, label: 'Variant of', variants, current: override, isForced };
  const chip = html`<span class="key">${override ?? ''}</span>`;
  const head = {
    name,
    chip,
    why: isForced ? 'forced' : cut(allocation, MAX_TEXT),
    tone: isForced ? 'forced' : 'plain',
  } as const;
  return openingRow(head, setup.open === name, variantForm(choice, setup));
}

function flatRow({ name, allocation }: ViewedExperiment): Html {
  return html`<div class="row flat">
    <span class="name">${name}</span
    ><span class="why tiny quiet">${cut(allocation, MAX_TEXT)}</span>
  </div>`;
}
