/** How many characters of a text are shown in a message. */
const MAX_SHOWN = 60;

/** How many names a message lists. */
export const MAX_LISTED = 10;

/** Characters that JSON's escapes leave alone but that can garble a terminal or a log. */
const INVISIBLE = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A value in the words of an error message, shortened; safe to print whatever it holds. */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return `${showName(String(value))}n`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' || typeof value === 'symbol'
    ? `a ${typeof value}`
    : String(value);
}

/** A text in double quotes, shortened, with everything invisible escaped. */
export function quote(text: string): string {
  return JSON.stringify(showName(text)).replaceAll(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Names after each other, with commas: `treatment, control`. */
export function listNames(names: Iterable<string>): string {
  const all = [...names];
  const more = all.length - MAX_LISTED;
  const shown = all.slice(0, MAX_LISTED).map(showName).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** A name that holds nothing invisible, shortened. */
export function showName(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}

/** How much of a long path's beginning and end is shown, in characters. */
const SHOWN_PATH = 100;

/** A path as messages show it: keys can be of any length, and one may stand in many paths. */
export function shownPath(path: string): string {
  const shown =
    path.length > 2 * SHOWN_PATH ? `${path.slice(0, SHOWN_PATH)}…${path.slice(-SHOWN_PATH)}` : path;
  return withoutControls(shown);
}

/** A path or name of the user's, which may hold what would forge a line of the log. */
export function withoutControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, '\ufffd');
}
