/** Formats that people and servers deliver in place of JSON: a pattern of their beginning, and the remedy. */
const FORMATS: readonly (readonly [beginning: RegExp, reason: string])[] = [
  [
    // Comments, then a list item, a document mark or a key without quotes.
    /^(?:\s*#[^\n]*\n)*\s*(?:---\s|-\s+["'\w{]|[A-Za-z_]\w*:(?:\s|$))/,
    'this looks like YAML, but the text must be JSON; begin with [{ "name": … }], or convert the file',
  ],
  [
    /^\s*(?:module\.exports|exports\.|export\s|const\s|import\s|var\s|let\s)/,
    'this looks like JavaScript, but the text must be JSON; write only the value, without code around it',
  ],
  [
    /^\s*<[!?A-Za-z]/,
    'this is HTML or XML, but the text must be JSON; check that the path or address leads to the JSON file',
  ],
];

/**
 * Returns the remedy for a text in another format.
 *
 * @returns undefined for JSON, and for anything else that begins like JSON
 */
export function otherFormat(text: string): string | undefined {
  return FORMATS.find(([beginning]) => beginning.test(text))?.[1];
}
