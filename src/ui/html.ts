/** Text that is already HTML; only {@link html} creates it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A value in a template: texts and numbers are escaped, HTML is inserted unchanged. */
export type HtmlValue = string | number | Html | readonly Html[];

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** Characters that HTML does not allow, or that change the direction of writing. */
const FORBIDDEN = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Escapes every value in a template; for text and for attributes in double quotes. */
export function html(strings: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  let text = strings[0] ?? '';
  for (const [i, value] of values.entries()) text += toText(value) + (strings[i + 1] ?? '');
  return new Html(text);
}

function toText(value: HtmlValue): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return String(value)
    .replaceAll(FORBIDDEN, (character) => (/[\n\t]/.test(character) ? character : '\ufffd'))
    .replaceAll(/[&<>"']/g, (character) => ESCAPES.get(character) ?? '');
}
