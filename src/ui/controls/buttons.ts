import { html, type Html } from '../html.ts';
import { icon, type IconName } from '../icons.ts';

/** The looks of buttons: the main one is ink, a bare one has no border, a danger is red. */
export type ButtonLook = 'plain' | 'main' | 'bare' | 'danger';

/** Options of {@link linkButton}. */
export interface LinkButtonOptions {
  /** @default 'plain' */
  readonly look?: ButtonLook;
  /** An icon before the text. @default none */
  readonly icon?: IconName;
}

/** Options of {@link button}. */
export interface ButtonOptions extends LinkButtonOptions {
  /** The field that the form sends for this button. @default none */
  readonly name?: string;
  /** The field's value. @default '' */
  readonly value?: string;
  readonly isDisabled?: boolean;
}

/** Renders a button that sends its form. Its text names the action: "Ramp to 40%". */
export function button(text: string, options: ButtonOptions = {}): Html {
  const { name, value = '', isDisabled = false } = options;
  const field = name === undefined ? '' : html` name="${name}" value="${value}"`;
  return html`<button class="${lookOf(options)}" ${field}${isDisabled ? html` disabled` : ''}>
    ${iconOf(options)}${text}
  </button>`;
}

/** Renders a link that looks like a button, to an address of the application. */
export function linkButton(text: string, href: string, options: LinkButtonOptions = {}): Html {
  return html`<a class="${lookOf(options)}" href="${href}">${iconOf(options)}${text}</a>`;
}

function lookOf({ look = 'plain' }: LinkButtonOptions): string {
  return look === 'plain' ? 'button' : `button ${look}`;
}

function iconOf({ icon: name }: LinkButtonOptions): Html | string {
  return name === undefined ? '' : icon(name);
}
