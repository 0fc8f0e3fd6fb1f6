import { html, type Html } from '../../ui/html.ts';
import { icon } from '../../ui/icons.ts';
import type { ToolbarView, ViewedDecision, ViewedNamespace } from '../view/toolbar-view.ts';
import { form, removeButton } from './forms.ts';
import { count, cut, MAX_LISTED, restLine, sentence, when } from './markup.ts';
import type { PanelSetup } from './setup.ts';
import { unusedSection } from './unused-section.ts';

const MAX_TEXT = 200;

/** Renders the sections below the decisions, which are closed at first. */
export function sections(view: ToolbarView, setup: PanelSetup): Html {
  return html`${unusedSection(view, setup)}${exposureSection(view)}${contextSection(view)}`;
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
      ${items}
    </ul>
    ${restLine(ordered.length, 'decision')}`;
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
