/** The most characters of a text that a message shows. */
const MAX_SHOWN = 60;

/** The most names that a message lists. The rest is counted. */
export const MAX_LISTED = 10;

/** The characters shown at each end of a long path. */
const MAX_SHOWN_PATH_END = 100;

/** Characters that can garble a terminal or forge a line of a log. */
const INVISIBLE = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * Describes a value for an error message: short, and safe to print whatever the value holds. Never
 * throws.
 */
export function showValue(value: unknown): string {
  try {
    return shown(value);
  } catch {
    // A Proxy that was revoked.
    return 'an object';
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'bigint') return `${showName(String(value))}n`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' || typeof value === 'symbol'
    ? `a ${typeof value}`
    : String(value);
}

/** Puts a text in double quotes, shortened, with invisible characters escaped. */
export function quote(text: string): string {
  return escapeInvisible(JSON.stringify(shorten(text)));
}

/** Writes every invisible character of a text as its escape: a line break becomes `\u000a`. */
export function escapeInvisible(text: string): string {
  return text.replaceAll(
    INVISIBLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Escapes the invisible characters of a text of several lines, except its line breaks. */
export function escapeInvisibleInLines(text: string): string {
  return text.split('\n').map(escapeInvisible).join('\n');
}

/** Shortens a path in a file system or in JSON in its middle, and escapes it: it can have any characters. */
export function showPath(path: string): string {
  const shown =
    path.length > 2 * MAX_SHOWN_PATH_END
      ? `${path.slice(0, MAX_SHOWN_PATH_END)}…${path.slice(-MAX_SHOWN_PATH_END)}`
      : path;
  return escapeInvisible(shown);
}

/** Puts the path of a file in double quotes. Its end, which tells files apart, is always shown. */
export function quotePath(path: string): string {
  return `"${showPath(path).replaceAll('"', '\\"')}"`;
}

/** Lists names with commas between them, at most ten: `treatment, control`. */
export function listNames(names: Iterable<string>): string {
  const all = [...names];
  const more = all.length - MAX_LISTED;
  const shown = all.slice(0, MAX_LISTED).map(showName).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** Shortens a name, with invisible characters escaped. */
export function showName(text: string): string {
  return escapeInvisible(shorten(text));
}

function shorten(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN - 1)}…` : text;
}
