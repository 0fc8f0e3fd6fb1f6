/** Text that is HTML already; made by {@link html} only. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What a template may hold: texts and numbers are escaped, HTML is taken as it is. */
export type HtmlValue = string | number | Html | readonly Html[];

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

/** What no page may hold, escaped or not. */
const FORBIDDEN = /[\p{Cc}\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A template that escapes everything put into it, whatever it is; for text and for attributes in
 * double quotes.
 */
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
