import { html, type Html } from '../../ui/html.ts';

/** Space that templates put between tags and attributes; texts can't match, because they are escaped. */
const TEMPLATE_SPACE = /(?<=>)\s+(?=<)|\n\s*(?=[a-z-]+="|\/?>)/gi;

const NON_ASCII = /[^\p{ASCII}]/gu;

/** Returns the text of HTML in ASCII, so that it means the same in a page of any charset. */
export function toAscii(markup: Html): string {
  return markup.text
    .replaceAll(TEMPLATE_SPACE, ' ')
    .replaceAll(NON_ASCII, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

/** Returns HTML if a condition holds, otherwise nothing. */
export function when(condition: boolean, markup: () => Html | ''): Html | '' {
  return condition ? markup() : '';
}

/** Counts things: "1 decision", "2 decisions". */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/** Renders a sentence, with the parts between backticks as code. */
export function sentence(text: string): Html {
  const parts = text
    .split('`')
    .map((part, i) => (i % 2 === 0 ? html`${part}` : html`<code>${part}</code>`));
  return html`${parts}`;
}

/** Cuts a text, with an ellipsis at its end. */
export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}\u2026` : text;
}

/** Renders an ISO time: "1 Dec 2026, 14:02 UTC". The script shows it in the reader's time zone. */
export function timeOf(iso: string): Html {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return html`${cut(iso, 40)}`;
  const text = time.toLocaleString('en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return html`<time datetime="${time.toISOString()}">${text} UTC</time>`;
}

/** The most experiments, exposures or values that a section lists. */
export const MAX_LISTED = 200;

/** Renders the number of things that a section leaves out. */
export function restLine(total: number, what: string): Html | '' {
  return when(
    total > MAX_LISTED,
    () => html`<div class="rest tiny quiet">${count(total - MAX_LISTED, `more ${what}`)}</div>`,
  );
}
