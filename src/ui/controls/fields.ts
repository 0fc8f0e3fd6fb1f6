import { html, type Html } from '../html.ts';
import { icon } from '../icons.ts';

/** A field of a form. */
export interface Field {
  readonly label: string;
  /** Its name in the form, which is unique on the page. */
  readonly name: string;
  /** @default '' */
  readonly value?: string;
  /** @default 'text' */
  readonly type?: 'text' | 'search' | 'number' | 'lines';
  /** An example of a value. @default none */
  readonly placeholder?: string;
  /** The problem of its value. @default none */
  readonly problem?: string;
  readonly isReadOnly?: boolean;
}

/** Renders a field with its label, and with the problem of its value below it. */
export function field(settings: Field): Html {
  const { label, name, problem } = settings;
  const below =
    problem === undefined
      ? ''
      : html`<span class="bad" id="${name}-problem">${icon('alert')}${problem}</span>`;
  return html`<div class="field">
    <label for="${name}">${label}</label>
    ${input(settings)}${below}
  </div>`;
}

function input(settings: Field): Html {
  const { name, value = '', type = 'text', placeholder = '', problem } = settings;
  const described =
    problem === undefined ? '' : html` aria-invalid="true" aria-describedby="${name}-problem"`;
  const state = html`${described}${settings.isReadOnly === true ? html` readonly` : ''}`;
  const example = placeholder === '' ? '' : html` placeholder="${placeholder}"`;
  if (type === 'lines') {
    return html`<textarea class="input" id="${name}" name="${name}" rows="5" ${example}${state}>
${value}</textarea>`;
  }
  return html`<input
    class="input"
    id="${name}"
    name="${name}"
    type="${type}"
    value="${value}"
    ${example}${state}
  />`;
}

/** Renders a field for search words, with a label for assistive technology. */
export function searchField(label: string, name: string, value = ''): Html {
  return html`<label class="search"
    ><span class="vh">${label}</span>${icon('search')}<input
      class="input"
      type="search"
      name="${name}"
      value="${value}"
      placeholder="Search"
      autocomplete="off"
  /></label>`;
}
