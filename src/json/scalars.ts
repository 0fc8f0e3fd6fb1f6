import { quote } from '../errors/show-value.ts';

/** The first part of a text that is not JSON. */
export interface SyntaxProblem {
  /** In UTF-16 code units from the start of the text. */
  readonly offset: number;
  /** The mistake and its remedy, in plain English. */
  readonly reason: string;
}

/** The offset after the part that was read, or the problem. */
export type Scan = number | SyntaxProblem;

const WORD = /[\p{L}\p{N}_$]+/uy;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
/** A number with the characters attached to it: `1.2.3`, `0x1F`, `2026-11-01`. */
const LUMP = /[-+.\p{L}\p{N}_$]+/uy;
const HEX = /[0-9A-Fa-f]{4}/y;

/** Words of other languages, and their replacements in JSON. */
const FOREIGN_WORDS = new Map([
  ['true', 'write true in lower case'],
  ['false', 'write false in lower case'],
  ['null', 'write null in lower case'],
  ['none', 'write null'],
  ['nil', 'write null'],
  ['undefined', 'JSON has no undefined: write null, or leave the property out'],
  ['nan', 'JSON has no NaN: write null or a number'],
  ['infinity', 'JSON has no Infinity: write null or a number'],
]);

/** Returns the word at an offset, or `''`. */
export function wordAt(text: string, at: number): string {
  return match(WORD, text, at);
}

/** Reads a string that starts at its opening quote. */
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
          reason: `a backslash before ${quote(escape)} is not a valid escape; write \\\\ for a backslash`,
        };
      }
      i++;
    } else if (character === '\n' || character === '\r') {
      return {
        offset: at,
        reason: 'this string is not closed at the end of its line: a " is missing',
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

/** Reads a number. Its first character may be one that JSON does not allow, such as `+`. */
export function scanNumber(text: string, at: number): Scan {
  const number = match(NUMBER, text, at);
  const lump = match(LUMP, text, at);
  if (number === lump) return at + number.length;
  return { offset: at, reason: numberReason(lump) };
}

function numberReason(lump: string): string {
  if (/^[-+]infinity$/i.test(lump)) return wordReason(lump.slice(1), lump);
  if (/^-\D?$/.test(lump)) return 'a digit must follow the minus sign';
  if (/^\+[\d.]+$/.test(lump)) return 'a number must not start with a plus sign';
  if (/^-?\.\d+$/.test(lump)) return 'a digit must precede the decimal point: 0.5';
  if (/^-?\d+\.$/.test(lump)) return 'a digit must follow the decimal point: 1.0';
  if (/^-?0\d+(?:\.\d*)?$/.test(lump)) return 'a number must not have leading zeros';
  if (/^-?0[xob][\da-f]+$/i.test(lump)) return 'numbers must be written in decimal';
  if (/^-?[\d.]+e[-+]?$/i.test(lump)) return "digits must follow the exponent's e";
  return `${quote(lump)} is not a number; text needs double quotes`;
}

/** Reads a word in place of a value. JSON has only `true`, `false` and `null`. */
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
