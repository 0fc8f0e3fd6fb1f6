import { html, type Html } from '../../ui/html.ts';
import type { ViewedNamespace } from '../view/toolbar-view.ts';
import { detailsButton, openingRow } from './decision-row.ts';
import { recordLine } from './exposure.ts';
import { variantForm } from './forms.ts';
import { count, when } from './markup.ts';
import type { PanelSetup } from './setup.ts';

/** The most parameters of a namespace. */
const MAX_PARAMS = 40;

/** Experiments of a namespace have no colour, because no chart shows them. */
const COLOUR = '';

/** Renders a namespace as a row that opens. */
export function namespaceRow(namespace: ViewedNamespace, setup: PanelSetup): Html {
  return row(namespace, setup.open === namespace.name, details(namespace, setup));
}

/** Renders a namespace as a row whose details come with the next page, if the viewer asks for them. */
export function shortNamespaceRow(namespace: ViewedNamespace, setup: PanelSetup): Html {
  return row(namespace, false, detailsButton(namespace.name, setup));
}

function row(namespace: ViewedNamespace, isOpen: boolean, body: Html | ''): Html {
  const { name, experiment, why, isForced } = namespace;
  const chip = html`<span class="key"
    >${
      experiment === undefined
        ? html`<span class="quiet">no experiment</span>`
        : html`<strong>${experiment}</strong>`
    }</span
  >`;
  const head = { name, chip, why, tone: isForced ? 'forced' : 'plain' } as const;
  return openingRow(head, isOpen, body);
}

function details(namespace: ViewedNamespace, setup: PanelSetup): Html {
  const { name, experiment, experiments, isForced, canForce, params, exposure, calls } = namespace;
  const variants = canForce ? experiments.map((one) => ({ name: one, colour: COLOUR })) : [];
  const choice = { name, label: 'Experiment of', variants, current: experiment, isForced };
  return html`${when(variants.length > 0 || isForced, () => variantForm(choice, setup))}${paramList(
    params,
  )}${recordLine(exposure, calls)}`;
}

function paramList(params: ViewedNamespace['params']): Html | '' {
  if (params.length === 0) return '';
  const items = params
    .slice(0, MAX_PARAMS)
    .map(
      ({ name, value, isForced }) =>
        html`<li>
          <code>${name}</code
          ><code class="quiet"
            >${value}${isForced ? html` <span class="tag warn">forced</span>` : ''}</code
          >
        </li>`,
    );
  const left = params.length - MAX_PARAMS;
  return html`<ul class="values">
    ${items}${when(left > 0, () => html`<li>${count(left, 'more parameter')}</li>`)}
  </ul>`;
}
