import { html, type Html } from '../../ui/html.ts';
import { icon } from '../../ui/icons.ts';
import type {
  ToolbarView,
  ViewedDecision,
  ViewedExperiment,
  ViewedNamespace,
} from '../view/toolbar-view.ts';
import { openingRow } from './decision-row.ts';
import { form, removeButton, variantForm } from './forms.ts';
import { count, cut, sentence, when } from './markup.ts';
import type { PanelSetup } from './setup.ts';

/** The most experiments, exposures and values that a section lists. */
const MAX_LISTED = 200;

/** The experiments that can be forced from their section; the others are only named. */
const MAX_FORCIBLE = 40;

const MAX_TEXT = 200;

/** Renders the sections below the decisions, which are closed at first. */
export function sections(view: ToolbarView, setup: PanelSetup): Html {
  return html`${unusedSection(view.unused, setup)}${exposureSection(view)}${contextSection(view)}`;
}

/** Renders the overrides of names that the page did not use, so that they can be removed too. */
export function idleOverrides(view: ToolbarView, setup: PanelSetup): Html | '' {
  const used = [...view.used, ...view.namespaces].filter(({ isForced }) => isForced);
  const params = view.namespaces.flatMap(({ name, params }) =>
    params.filter(({ isForced }) => isForced).map((param) => `${name}.${param.name}`),
  );
  const shown = new Set([...used.map(({ name }) => name), ...params]);
  const hidden = view.forced.filter(({ name }) => !shown.has(name));
  if (hidden.length === 0) return '';
  const items = hidden.slice(0, MAX_LISTED).map(
    ({ name, value, from }) =>
      html`<li>
        <span
          ><strong>${name}</strong> ${value}${when(
            from === 'link',
            () => html` <span class="tiny quiet">by a share link</span>`,
          )}</span
        >${when(from === 'cookie', () =>
          form(setup.overrideAction, setup, '*', removeButton(name)),
        )}
      </li>`,
  );
  return html`<h2 class="title">Forced, but not used on this page</h2>
    <ul class="values idle">
      ${items}
    </ul>`;
}

function section(name: string, title: string, body: Html): Html {
  return html`<details class="section" data-row="${name}">
    <summary>${icon('open')}${title}</summary>
    <div class="in">${body}</div>
  </details>`;
}

function unusedSection(unused: readonly ViewedExperiment[], setup: PanelSetup): Html | '' {
  if (unused.length === 0) return '';
  const rows = unused
    .slice(0, MAX_LISTED)
    .map((experiment, i) =>
      i < MAX_FORCIBLE && experiment.kind !== 'holdout'
        ? unusedRow(experiment, setup)
        : html`<div class="row flat">
            <span class="name">${experiment.name}</span
            ><span class="why tiny quiet">${cut(experiment.allocation, MAX_TEXT)}</span>
          </div>`,
    );
  const rest = restLine(unused.length, 'experiment');
  return html`<details class="section" data-row=":unused">
    <summary>${icon('open')}${unused.length} not used here</summary>
    ${rows}${rest}
  </details>`;
}

function unusedRow(experiment: ViewedExperiment, setup: PanelSetup): Html {
  const { name, allocation, variants } = experiment;
  const choice = { name, label: 'Variant of', variants, current: undefined, isForced: false };
  const head = { name, chip: html``, why: cut(allocation, MAX_TEXT), tone: 'plain' } as const;
  return openingRow(head, setup.open === name, variantForm(choice, setup));
}

function exposureSection({ used, namespaces }: ToolbarView): Html | '' {
  const all: readonly (ViewedDecision | ViewedNamespace)[] = [
    ...used.filter(({ experiment }) => experiment !== undefined),
    ...namespaces,
  ];
  if (all.length === 0) return '';
  const recorded = all.filter(({ exposure }) => exposure.recorded);
  // Recorded exposures first.
  const ordered = [...recorded, ...all.filter(({ exposure }) => !exposure.recorded)];
  const items = ordered.slice(0, MAX_LISTED).map((one) => {
    const { exposure } = one;
    const chosen = 'variant' in one ? one.variant?.name : one.experiment;
    return html`<li>
      <span><strong>${one.name}</strong> ${chosen ?? ''}</span
      ><span class="tiny quiet"
        >${
          exposure.recorded
            ? exposure.overridden
              ? 'recorded; results leave it out'
              : 'recorded'
            : sentence(exposure.why)
        }</span
      >
    </li>`;
  });
  const body = html`<ul class="values">
    ${items}${restLine(ordered.length, 'decision')}
  </ul>`;
  const others = ordered.length - recorded.length;
  const rest = others === 0 ? '' : `, ${others} not`;
  return section(':exposures', `${count(recorded.length, 'exposure')} recorded${rest}`, body);
}

function contextSection({ context, contextJson }: ToolbarView): Html {
  const items = context
    .slice(0, MAX_LISTED)
    .map(
      ({ path, text }) =>
        html`<li><code>${path}</code><code class="quiet">${cut(text, MAX_TEXT)}</code></li>`,
    );
  const body = html`${when(
      items.length > 0,
      () =>
        html`<ul class="values">
          ${items}
        </ul>`,
    )}
    <label class="copied" for="context">
      Context for <code>npx evenhand explain NAME --context</code></label
    >
    <textarea class="input" id="context" readonly="" rows="3" spellcheck="false">
${contextJson}</textarea>
    <button class="button scripted" type="button" data-copy="context">
      ${icon('copy')}<span aria-live="polite">Copy</span>
    </button>`;
  return section(':context', 'Context values read by rules', body);
}

function restLine(total: number, what: string): Html | '' {
  return when(
    total > MAX_LISTED,
    () => html`<div class="rest tiny quiet">${count(total - MAX_LISTED, `more ${what}`)}</div>`,
  );
}
