import { html, type Html } from '../../ui/html.ts';
import { icon } from '../../ui/icons.ts';
import { variantMark } from '../../ui/variant-key.ts';
import type { ViewedDecision } from '../view/toolbar-view.ts';
import { evidence } from './evidence.ts';
import { recordLine } from './exposure.ts';
import { form, variantForm, variantKeys } from './forms.ts';
import { cut, sentence, when } from './markup.ts';
import type { PanelSetup } from './setup.ts';

const MAX_DESCRIPTION = 300;
const MAX_NOTES = 20;

/** Renders a decision as a row that opens. */
export function decisionRow(decision: ViewedDecision, setup: PanelSetup): Html {
  return row(decision, setup.open === decision.name, details(decision, setup));
}

/** Renders a decision as a row whose details come with the next page, if the viewer asks for them. */
export function shortDecisionRow(decision: ViewedDecision, setup: PanelSetup): Html {
  return row(decision, false, detailsButton(decision.name, setup));
}

/** Renders a button that loads the page again with a row's details; it changes no override. */
export function detailsButton(name: string, setup: PanelSetup): Html | '' {
  const button = html`<button class="button">Show variants and reasons</button>`;
  return form(setup.overrideAction, setup, name, button);
}

/** The line of a row that is always visible. */
export interface RowHead {
  readonly name: string;
  readonly chip: Html;
  readonly why: string;
  readonly tone: ViewedDecision['tone'];
}

const TONES = { plain: 'quiet', forced: 'warn', bad: 'bad' } as const;

/** Renders a row that opens. */
export function openingRow(head: RowHead, isOpen: boolean, body: Html | ''): Html {
  const { name, chip, why, tone } = head;
  return html`<details class="row" data-row="${name}" ${isOpen ? html`open=""` : ''}>
    <summary>
      <span class="name">${name}</span>${chip}<span class="why tiny ${TONES[tone]}">${why}</span
      >${icon('open')}
    </summary>
    <div class="in">${body}</div>
  </details>`;
}

function row(decision: ViewedDecision, isOpen: boolean, body: Html | ''): Html {
  const { name, variant, why, tone } = decision;
  const chip = html`<span class="key"
    >${
      variant === undefined
        ? html`<span class="quiet">no variant</span>`
        : html`${variantMark(variant.colour)}<strong>${variant.name}</strong>`
    }</span
  >`;
  return openingRow({ name, chip, why, tone }, isOpen, body);
}

function details(decision: ViewedDecision, setup: PanelSetup): Html {
  const { experiment, notes, calls, exposure } = decision;
  return html`${choices(decision, setup)}${when(
    notes.length > 0,
    () =>
      html`<ul class="says tiny">
        ${notes.slice(0, MAX_NOTES).map((note) => html`<li>${icon('info')}<span>${sentence(note)}</span></li>`)}
      </ul>`,
  )}${evidence(decision)}${when(experiment !== undefined, () =>
    recordLine(exposure, calls),
  )}${when(calls.some(isGuard), guardNote)}${about(decision)}`;
}

function about({ experiment }: ViewedDecision): Html | '' {
  const { description, owner } = experiment ?? {};
  const texts = [
    ...(description === undefined ? [] : [cut(description, MAX_DESCRIPTION)]),
    ...(owner === undefined ? [] : [`Owner: ${cut(owner, MAX_DESCRIPTION)}`]),
  ];
  return when(texts.length > 0, () => html`<p class="tiny quiet">${texts.join(' \u00b7 ')}</p>`);
}

function choices(decision: ViewedDecision, setup: PanelSetup): Html | '' {
  const { experiment, name, variant, isForced, canForce } = decision;
  if (experiment === undefined && !isForced) return '';
  const variants = experiment?.variants ?? [];
  if (canForce || isForced) {
    const shown = canForce ? variants : [];
    const choice = { name, label: 'Variant of', variants: shown, current: variant?.name, isForced };
    return variantForm(choice, setup);
  }
  return variantKeys(variants);
}

/** Returns true for a call that protects routes. */
function isGuard(call: string): boolean {
  return call.startsWith('require');
}

function guardNote(): Html {
  return html`<ul class="says tiny">
    <li>
      ${icon('lock')}<span
        >A guard uses this decision. Variants are not permissions: anyone who can override
        passes.</span
      >
    </li>
  </ul>`;
}
