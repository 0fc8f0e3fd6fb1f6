import { quote } from '../errors/show-value.ts';

/** Something that is no JSON. */
export interface SyntaxProblem {
  /** Where, in UTF-16 code units from the start of the text. */
  readonly offset: number;
  /** What is wrong and what to do about it, in plain English. */
  readonly reason: string;
}

/** The offset behind what was read, or why it can't be read. */
export type Scan = number | SyntaxProblem;

const WORD = /[\p{L}\p{N}_$]+/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
/** A number and whatever is written on to it: `1.2.3`, `0x1F`, `2026-11-01`. */
const LUMP = /[-+.\p{L}\p{N}_$]+/uy;
const HEX = /[0-9A-Fa-f]{4}/y;

/** Words of other languages, and what JSON has in their place. */
const FOREIGN_WORDS = new Map([
  ['true', 'write true in lower case'],
  ['false', 'write false in lower case'],
  ['null', 'write null in lower case'],
  ['none', 'JSON has null'],
  ['nil', 'JSON has null'],
  ['undefined', 'JSON has no undefined: write null, or leave the property out'],
  ['nan', 'JSON has no NaN: write null or a number'],
  ['infinity', 'JSON has no Infinity: write null or a number'],
]);

/** The word at an offset, `''` where there is none. */
export function wordAt(text: string, at: number): string {
  return match(WORD, text, at);
}

/** Reads a string from its opening quote on. */
export function scanString(text: string, at: number): Scan {
  for (let i = at + 1; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '"') return i + 1;
    if (character === '\\') {
      const escape = text.charAt(i + 1);
      if (escape === 'u') {
        if (match(HEX, text, i + 2) === '') {
          return { offset: i, reason: '\\u takes four hexadecimal digits, as in \\u00e9' };
        }
      } else if (escape !== '' && !'"\\/bfnrt'.includes(escape)) {
        return {
          offset: i,
          reason: `a backslash can't stand before ${quote(escape)}; write \\\\ for the backslash itself`,
        };
      }
      i++;
    } else if (character === '\n' || character === '\r') {
      return {
        offset: at,
        reason: 'this string is not closed before its line ends: a " is missing',
      };
    } else if (character < ' ') {
      const written = JSON.stringify(character).slice(1, -1);
      return {
        offset: i,
        reason: `a control character must be escaped in a string: write ${written}`,
      };
    }
  }
  return { offset: at, reason: 'this string is not closed: a " is missing' };
}

/** Reads a number from its first character on, which may be one JSON does not allow. */
export function scanNumber(text: string, at: number): Scan {
  const number = match(NUMBER, text, at);
  const lump = match(LUMP, text, at);
  if (number === lump) return at + number.length;
  return { offset: at, reason: numberReason(lump) };
}

function numberReason(lump: string): string {
  if (/^[-+]infinity$/i.test(lump)) return wordReason(lump.slice(1), lump);
  if (/^-\D?$/.test(lump)) return 'a digit must follow the minus sign';
  if (/^\+[\d.]+$/.test(lump)) return 'a number has no plus sign before it';
  if (/^-?\.\d+$/.test(lump)) return 'a digit must stand before the point of a number: 0.5';
  if (/^-?\d+\.$/.test(lump)) return 'a digit must follow the point of a number: 1.0';
  if (/^-?0\d+(?:\.\d*)?$/.test(lump)) return 'a number has no leading zeros';
  if (/^-?0[xob][\da-f]+$/i.test(lump)) return 'numbers are written in decimal';
  if (/^-?[\d.]+e[-+]?$/i.test(lump)) return "digits must follow the exponent's e";
  return `${quote(lump)} is no number; text needs double quotes`;
}

/** Reads a word where a value is due: `true`, `false` and `null` are the only ones there are. */
export function scanWord(text: string, at: number): Scan {
  const word = wordAt(text, at);
  if (word === 'true' || word === 'false' || word === 'null') return at + word.length;
  return { offset: at, reason: wordReason(word) };
}

function wordReason(word: string, written = word): string {
  const instead = FOREIGN_WORDS.get(word.toLowerCase());
  return instead === undefined
    ? `text needs double quotes: ${quote(written)}`
    : `${quote(written)} is not JSON: ${instead}`;
}

function match(sticky: RegExp, text: string, at: number): string {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? '';
}
