import { html, type Html } from '../html.ts';

/** A switch that is on or off for everyone. */
export interface SwitchControl {
  /** The switch's name. */
  readonly label: string;
  readonly isOn: boolean;
  /** The field and value that the form sends. */
  readonly name: string;
  readonly value: string;
  readonly isDisabled?: boolean;
}

/** Renders a switch with its state beside it; a click sends its form. */
export function switchControl({ label, isOn, name, value, isDisabled }: SwitchControl): Html {
  return html`<span class="switch-line"
    ><span class="${isOn ? '' : 'quiet'}" aria-hidden="true">${isOn ? 'on' : 'off'}</span
    ><button
      class="switch"
      role="switch"
      aria-checked="${isOn ? 'true' : 'false'}"
      aria-label="${label}"
      name="${name}"
      value="${value}"
      ${isDisabled === true ? html` disabled` : ''}
    ></button
  ></span>`;
}

/**
 * Renders a switch that is on for some, without a knob, so that nobody flips it by accident.
 *
 * @param state such as "50%" or "by rule"
 * @param href the page that changes it
 */
export function partlyOn(label: string, state: string, href: string): Html {
  return html`<span class="switch-line"
    ><span>${state}</span
    ><a class="button" href="${href}">Change…<span class="vh"> ${label}</span></a></span
  >`;
}
