import { identityText } from '../hash/text.ts';
import { unprintableClass } from './unprintable.ts';

/** The limit for the nesting of lists and maps. Deeper ones may contain themselves. */
const MAX_DEPTH = 100;

/** The limit for the characters of a text. */
const MAX_LENGTH = 1_000_000;

/** The characters, except quotes, that Python escapes in `repr`: backslashes and unprintable ones. */
const ESCAPED = new RegExp(`[\\\\${unprintableClass()}]`, 'gu');

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * Returns Python's `str` of a JSON value, which PlanOut hashes: strings unchanged, `True`, `None`, lists
 * and maps as Python writes them. Whole numbers have no decimal point, because JSON treats 2.0 as 2.
 *
 * @returns undefined for a value without a stable text (functions, dates, NaN), nested too deep or too
 *   long
 */
export function pythonText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : pythonRepr(value);
}

/** Returns Python's `repr`: like {@link pythonText}, but with quoted strings. */
export function pythonRepr(value: unknown): string | undefined {
  return represent(value, 0);
}

function represent(value: unknown, depth: number): string | undefined {
  if (typeof value === 'string') return quoted(value);
  if (value === null || value === undefined) return 'None';
  if (typeof value !== 'object') return identityText(value);
  if (depth === MAX_DEPTH) return undefined;
  if (Array.isArray(value)) return joined('[', value, ']', (item) => represent(item, depth + 1));
  if (!isPlainObject(value)) return identityText(value);
  return joined('{', Object.entries(value), '}', ([key, item]) => {
    const text = represent(item, depth + 1);
    return text === undefined ? undefined : `${quoted(key)}: ${text}`;
  });
}

/** Returns the text of a Python tuple of several values; undefined if a value has no text. */
export function tupleText(values: readonly unknown[]): string | undefined {
  return joined('(', values, ')', (value) => represent(value, 0));
}

/**
 * Returns the first item of a list that can't tell units apart, such as null or a map, and its place;
 * undefined if every item can, also in the lists inside the list.
 *
 * @param place the list's name: `unit[1]`
 */
export function itemWithoutText(
  list: readonly unknown[],
  place = '',
  depth = 0,
): { readonly item: unknown; readonly place: string } | undefined {
  for (const [i, item] of list.entries()) {
    const at = `${place}[${i}]`;
    if (!Array.isArray(item)) {
      if (identityText(item) === undefined) return { item, place: at };
      continue;
    }
    const inside = depth === MAX_DEPTH ? { item, place: at } : itemWithoutText(item, at, depth + 1);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

function joined<T>(
  open: string,
  items: readonly T[],
  close: string,
  representItem: (item: T) => string | undefined,
): string | undefined {
  const texts: string[] = [];
  let length = 0;
  for (const item of items) {
    const text = representItem(item);
    if (text === undefined) return undefined;
    length += text.length;
    if (length > MAX_LENGTH) return undefined;
    texts.push(text);
  }
  return `${open}${texts.join(', ')}${close}`;
}

/** Quotes a text as Python does: with `'`, unless the text contains `'` and no `"`. */
function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll(ESCAPED, escapeOf).replaceAll(quote, `\\${quote}`);
  return `${quote}${escaped}${quote}`;
}

function escapeOf(character: string): string {
  const short = SHORT_ESCAPES.get(character);
  if (short !== undefined) return short;
  const point = character.codePointAt(0) ?? 0;
  const hex = point.toString(16);
  if (point < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return point < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Tells whether a value is a plain object, as in JSON. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // An object of another realm, such as a `vm` context, has a different Object.prototype.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
