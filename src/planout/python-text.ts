import { identityText } from '../hash/text.ts';

/** Depth of lists and maps inside each other; deeper ones may contain themselves. */
const MAX_DEPTH = 100;

/** Characters of a text that is made. */
const MAX_LENGTH = 1_000_000;

/** What Python escapes in `repr`, but for quotes: backslashes and everything not printable. */
const ESCAPED = /[\\\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu;

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * Python's `str` of what JSON can hold, which PlanOut hashes: strings as they are, `True`, `None`,
 * lists and maps as Python writes them. Whole numbers have no point, as JSON does not tell 2.0 from 2.
 *
 * @returns undefined where a value has no text that could be the same tomorrow (functions, dates,
 *   NaN), is nested too deep or grows too long
 */
export function pythonText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : pythonRepr(value);
}

/** Python's `repr`: like {@link pythonText}, but strings are quoted. */
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

/** The text of a Python tuple of several values; each must have a text of its own. */
export function tupleText(values: readonly unknown[]): string | undefined {
  return joined('(', values, ')', (value) => represent(value, 0));
}

function joined<T>(
  open: string,
  items: readonly T[],
  close: string,
  textOf: (item: T) => string | undefined,
): string | undefined {
  const texts: string[] = [];
  let length = 0;
  for (const item of items) {
    const text = textOf(item);
    if (text === undefined) return undefined;
    length += text.length;
    if (length > MAX_LENGTH) return undefined;
    texts.push(text);
  }
  return `${open}${texts.join(', ')}${close}`;
}

/** Python quotes with `'`, unless the text has that and no `"`. */
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

/** Whether a value is an object as JSON has them. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // The root of another realm's prototypes counts as well, as of a `vm` context.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
