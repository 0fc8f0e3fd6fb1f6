import type { RuleRange } from '../../errors/rule-error.ts';
import { RuleFault } from '../values/fault.ts';
import { MAX_BITS } from '../values/limits.ts';

/** The code of the position after the last character. */
export const END = -1;

/**
 * Returns the UTF-16 code at an index from 0, or {@link END} after the last character. V8 discards
 * optimized code when `charCodeAt` is called beyond the end of a text.
 */
export function codeAt(text: string, index: number): number {
  return index < text.length ? text.charCodeAt(index) : END;
}

/** The characters that Python's `str.strip` removes and JavaScript's `trim` keeps. */
const ODD_SPACES = '\u001c\u001d\u001e\u001f\u0085';

/** Returns true for a character that Python's `str.strip` removes: `trim` also removes U+FEFF. */
function isSpace(char: string): boolean {
  return (char.trim() === '' && char !== '\ufeff') || ODD_SPACES.includes(char);
}

/**
 * Replaces the space around the rule by plain spaces, so that every offset stays. CPython's `eval` and
 * Cravensworth strip the rule first, and so allow characters there that are no spaces inside a rule.
 */
export function withPlainEnds(source: string): string {
  let start = 0;
  while (start < source.length && isSpace(source.charAt(start))) start++;
  let end = source.length;
  while (end > start && isSpace(source.charAt(end - 1))) end--;
  if (start === 0 && end === source.length) return source;
  return ' '.repeat(start) + source.slice(start, end) + ' '.repeat(source.length - end);
}

const DOUBLE_QUOTE = 34;
const SINGLE_QUOTE = 39;

/** Characters because of which a string has to be read character by character. */
const SPECIAL = /[\\\n\r]/;

const PREFIX = /([a-zA-Z]{0,2})(?:"|')/y;

/** Prefixes of plain strings in Python; `r` keeps backslashes. */
const PLAIN_PREFIXES = new Set(['', 'u', 'r']);

/** Prefixes that Python has and rules refuse, with the names of those strings. */
const REFUSED_PREFIXES = new Map([
  ['f', 'f-strings'],
  ['fr', 'f-strings'],
  ['rf', 'f-strings'],
  ['b', 'bytes'],
  ['br', 'bytes'],
  ['rb', 'bytes'],
]);

/**
 * Returns the prefix of the string that starts at `index`: `''` for most, or `r` or `u` (in lower
 * case).
 *
 * @returns undefined if no string starts there
 * @throws RuleFault `forbidden` for f-strings and bytes
 */
export function stringPrefixAt(source: string, index: number): string | undefined {
  if (isQuote(source, index)) return '';
  // Most words are not prefixes.
  if (!isQuote(source, index + 1) && !isQuote(source, index + 2)) return undefined;
  PREFIX.lastIndex = index;
  const prefix = PREFIX.exec(source)?.[1];
  if (prefix === undefined) return undefined;
  const kind = prefix.toLowerCase();
  const refused = REFUSED_PREFIXES.get(kind);
  if (refused !== undefined) {
    const range = { start: index, end: index + prefix.length + 1 };
    throw new RuleFault('forbidden', `${refused} can't be used in rules`, range);
  }
  return PLAIN_PREFIXES.has(kind) ? kind : undefined;
}

/** Returns true if there is a quotation mark at the index. */
export function isQuote(source: string, index: number): boolean {
  const code = codeAt(source, index);
  return code === DOUBLE_QUOTE || code === SINGLE_QUOTE;
}

/**
 * Reads a string with Python's escapes, in single, double or triple quotes.
 *
 * @param prefix the result of {@link stringPrefixAt} for this place
 * @returns the text and the offset after the closing quote
 * @throws RuleFault `syntax` if the string is not closed or an escape is malformed
 */
export function readString(
  source: string,
  start: number,
  prefix: string,
): { value: string; end: number } {
  let i = start + prefix.length;
  const single = source.charAt(i);
  const triple = source.charAt(i + 1) === single && source.charAt(i + 2) === single;
  const quote = triple ? single.repeat(3) : single;
  i += quote.length;
  const plainEnd = source.indexOf(single, i);
  const plain = source.slice(i, plainEnd);
  if (quote === single && plainEnd >= 0 && !SPECIAL.test(plain)) {
    return { value: plain, end: plainEnd + 1 };
  }
  let value = '';
  while (i < source.length) {
    if (source.startsWith(quote, i)) return { value, end: i + quote.length };
    const char = source.charAt(i);
    if (char === '\\') {
      const escape = prefix === 'r' ? rawEscape(source, i) : readEscape(source, i);
      value += escape.value;
      i = escape.end;
    } else if (char === '\n' || char === '\r') {
      if (quote.length === 1) break;
      value += '\n';
      i = afterLineBreak(source, i);
    } else {
      value += char;
      i++;
    }
  }
  const range = { start, end: start + prefix.length + quote.length };
  throw new RuleFault('syntax', `the string is not closed: a ${quote} is missing`, range);
}

/** Returns the offset after a line break. Python reads all three kinds as `\n`, also inside strings. */
function afterLineBreak(source: string, i: number): number {
  return source.startsWith('\r\n', i) ? i + 2 : i + 1;
}

const SIMPLE_ESCAPES = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\u0007'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
]);

/** The number of hexadecimal digits after `\x`, `\u` and `\U`. */
const HEX_ESCAPES = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

const OCTAL = /[0-7]{1,3}/y;

interface Escape {
  readonly value: string;
  readonly end: number;
}

/**
 * Reads an escape of a raw string. The backslash stays, but a quote after it does not close the
 * string.
 */
function rawEscape(source: string, i: number): Escape {
  const letter = source.charAt(i + 1);
  if (letter === '\r') return { value: '\\\n', end: afterLineBreak(source, i + 1) };
  return { value: `\\${letter}`, end: i + 1 + letter.length };
}

function readEscape(source: string, i: number): Escape {
  const letter = source.charAt(i + 1);
  // A backslash at the end of a line joins the next line to it.
  if (letter === '\n' || letter === '\r') return { value: '', end: afterLineBreak(source, i + 1) };
  const simple = SIMPLE_ESCAPES.get(letter);
  if (simple !== undefined) return { value: simple, end: i + 2 };
  const length = HEX_ESCAPES.get(letter);
  if (length !== undefined) return hexEscape(source, i, length);
  OCTAL.lastIndex = i + 1;
  const octal = OCTAL.exec(source)?.[0];
  if (octal !== undefined) {
    return { value: String.fromCharCode(Number.parseInt(octal, 8)), end: i + 1 + octal.length };
  }
  if (letter === 'N') {
    const reason = String.raw`write the character itself instead of \N{…}`;
    throw new RuleFault('syntax', reason, { start: i, end: i + 2 });
  }
  // Python keeps the backslash of an unknown escape.
  return { value: `\\${letter}`, end: i + 1 + letter.length };
}

function hexEscape(source: string, i: number, length: number): Escape {
  const end = i + 2 + length;
  const digits = source.slice(i + 2, end);
  const code =
    /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number(`0x${digits}`) : -1;
  if (code < 0 || code > 0x10ffff) {
    const reason = `the escape ${source.slice(i, i + 2)} needs ${length} hexadecimal digits of a valid character`;
    throw new RuleFault('syntax', reason, { start: i, end: Math.min(end, source.length) });
  }
  return { value: String.fromCodePoint(code), end };
}

const DIGITS = String.raw`[0-9](?:_?[0-9])*`;
const EXPONENT = `[eE][+-]?${DIGITS}`;
const FLOAT = new RegExp(
  `(?:${DIGITS})?\\.${DIGITS}(?:${EXPONENT})?|${DIGITS}\\.(?:${EXPONENT})?|${DIGITS}${EXPONENT}`,
  'y',
);
const RADIX = /0(?:[xX](?:_?[0-9a-fA-F])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+)/y;
const WHOLE = new RegExp(DIGITS, 'y');

/** The digits of the longest whole number that fits in {@link MAX_BITS}. */
const MAX_DIGITS = Math.floor(MAX_BITS * Math.log10(2));

/**
 * Reads a number in Python's syntax: `17`, `1_000`, `0x1f`, `0o17`, `0b11`, `.5`, `1.`, `1e3`.
 *
 * @returns the value and the offset after it; undefined if no number starts at `index`
 * @throws RuleFault for a malformed number
 */
export function readNumber(
  source: string,
  index: number,
): { value: number | bigint; end: number } | undefined {
  const float = match(FLOAT, source, index);
  const text = float ?? match(RADIX, source, index) ?? match(WHOLE, source, index);
  if (text === undefined) return undefined;
  const range = { start: index, end: index + text.length };
  const next = source.charAt(range.end);
  if (next === 'j' || next === 'J') {
    throw new RuleFault('forbidden', "complex numbers can't be used in rules", range);
  }
  const plain = text.replaceAll('_', '');
  if (plain === '0' && /[xXoObB]/.test(next)) {
    throw new RuleFault('syntax', `0${next} needs digits after it`, {
      ...range,
      end: range.end + 1,
    });
  }
  if (float !== undefined) return { value: Number(plain), end: range.end };
  if (/^0[0-9]*[1-9]/.test(plain)) {
    throw new RuleFault(
      'syntax',
      `a whole number can't have leading zeros; ${withoutZeros(source, range)}`,
      range,
    );
  }
  if (plain.length > MAX_DIGITS) {
    throw new RuleFault(
      'limit',
      `the number has more than ${MAX_DIGITS} digits; use a smaller one`,
      range,
    );
  }
  const value = BigInt(plain);
  return {
    value: value <= Number.MAX_SAFE_INTEGER ? Number(value) : value,
    end: range.end,
  };
}

/** Returns the remedy for leading zeros, which mostly belong to a date: `2024-01-05`. */
function withoutZeros(source: string, { start, end }: RuleRange): string {
  const around = source.slice(Math.max(0, start - 5), start + 5);
  const [date] = /\d{4}-\d\d-\d\d/.exec(around) ?? [];
  return date === undefined
    ? `write ${source.slice(start, end).replace(/^[0_]+/, '')}`
    : `write dates in quotes: '${date}'`;
}

function match(pattern: RegExp, source: string, index: number): string | undefined {
  pattern.lastIndex = index;
  return pattern.exec(source)?.[0];
}
