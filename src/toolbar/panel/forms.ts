import { html, type Html } from '../../ui/html.ts';
import { icon } from '../../ui/icons.ts';
import { variantKey, variantMark } from '../../ui/variant-key.ts';
import type { ViewedVariant } from '../view/toolbar-view.ts';
import { count, when } from './markup.ts';
import type { PanelSetup } from './setup.ts';

/** More variants than this are chosen from a list, because buttons would fill the panel. */
const MAX_BUTTONS = 8;

/** The most variants in a list. */
const MAX_LISTED = 200;

/**
 * Renders a form that posts to the toolbar and returns to the page, with a row open.
 *
 * @param action undefined if the page can't post; then there is no form
 */
export function form(
  action: string | undefined,
  setup: PanelSetup,
  open: string,
  content: Html,
): Html | '' {
  if (action === undefined) return '';
  return html`<form method="post" action="${action}" accept-charset="utf-8">
    <input type="hidden" name="back" value="${setup.back}" />
    <input type="hidden" name="open" value="${open}" />
    ${content}
  </form>`;
}

/** A name whose variant the viewer can force. */
export interface Choice {
  readonly name: string;
  readonly label: string;
  /** An empty colour draws no mark. */
  readonly variants: readonly ViewedVariant[];
  readonly current: string | undefined;
  readonly isForced: boolean;
}

/** Renders the variants as buttons, and a button that removes the override; without buttons if they can't post. */
export function variantForm(choice: Choice, setup: PanelSetup): Html | '' {
  const { name, label, variants, isForced } = choice;
  if (setup.overrideAction === undefined) return variantKeys(variants);
  // After a form, the focus returns to the variant that was chosen.
  const focus = setup.open === name ? html`autofocus=""` : '';
  const choices =
    variants.length > MAX_BUTTONS ? variantList(choice, focus) : variantButtons(choice, focus);
  const content = html`<div class="pick" role="group" aria-label="${label} ${name}">
    ${choices}${when(isForced, () => removeButton(name))}
  </div>`;
  return form(setup.overrideAction, setup, name, content);
}

/** Renders the variants without buttons. */
export function variantKeys(variants: readonly ViewedVariant[]): Html {
  const keys = variants
    .slice(0, MAX_LISTED)
    .map(({ name, colour }) =>
      colour === '' ? html`<span>${name}</span> ` : html`${variantKey(name, colour)} `,
    );
  return html`<div class="pick">${keys}</div>`;
}

/** Renders a button that removes the override of a name; it must stand in a form. */
export function removeButton(name: string): Html {
  return html`<button class="button" name="unset" value="${name}">
    ${icon('undo')}Remove override
  </button>`;
}

function variantButtons({ name, variants, current }: Choice, focus: Html | ''): Html {
  const buttons = variants.map(
    (variant) =>
      html`<button
        class="button"
        name="set"
        value="${name}:${variant.name}"
        aria-pressed="${String(variant.name === current)}"
        ${variant.name === current ? focus : ''}
      >
        ${variant.colour === '' ? '' : variantMark(variant.colour)}${variant.name}
      </button> `,
  );
  return html`${buttons}`;
}

function variantList({ name, label, variants, current }: Choice, focus: Html | ''): Html {
  const options = variants
    .slice(0, MAX_LISTED)
    .map(
      (variant) =>
        html`<option
          value="${name}:${variant.name}"
          ${variant.name === current ? html`selected=""` : ''}
        >
          ${variant.name}
        </option>`,
    );
  const left = variants.length - MAX_LISTED;
  return html`<select class="input" name="set" aria-label="${label} ${name}" ${focus}>
      ${options}</select
    ><button class="button">Force</button>${when(
      left > 0,
      () => html`<span class="tiny quiet">${count(left, 'more variant')} not listed</span>`,
    )}`;
}
