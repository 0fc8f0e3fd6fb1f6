import { quote } from '../../errors/show-value.ts';
import type { RuleRange } from '../../errors/rule-error.ts';
import { prefixRemedy, wordRemedy } from './word-remedies.ts';

/** The remedy for something from another language, and its place in the rule. */
export interface Remedy extends RuleRange {
  readonly reason: string;
}

const NO_REGEX =
  "rules have no regular expressions; look for a part with in, or compare a slice: name[:2] == 'ab'";
const NO_FUNCTION = 'rules have no functions; write [item for item in list if …] != []';

/** Signs of other languages, and the remedies. */
const SIGNS = new Map([
  ['=', 'to compare, write =='],
  ['<>', 'write !='],
  ['=!', 'write !='],
  ['!', 'write != or not'],
  ['=>', 'write >='],
  ['=<', 'write <='],
  ['>==', 'write >='],
  ['<==', 'write <='],
  ['====', 'write =='],
  [':=', 'to compare, write =='],
  ['?', 'write: a if condition else b'],
  ['??', 'write or'],
  ['?.', "check first: user.is_authenticated and user.plan == 'pro'"],
  [';', 'a rule is one expression'],
  ['->', 'write a dot'],
  ['::', 'write a dot'],
  ['++', 'a rule changes nothing'],
  ['--', 'a rule changes nothing'],
  ['+=', 'a rule changes nothing'],
  ['-=', 'a rule changes nothing'],
  ['%%', 'write %'],
  ['@', 'write the name without it'],
  ['$', 'write the name without it'],
  ['`', "write 'single quotes'"],
]);

/** The characters of which signs consist. */
const SIGN = /[-+*/%&|^~<>!=?:;@$`.]/;

/** The characters before a mistake that patterns look at. A rule can be long, and patterns slow. */
const MAX_TAIL = 60;

function tail(source: string, end: number): string {
  return source.slice(Math.max(0, end - MAX_TAIL), end);
}

const NAME_END = /[\p{L}\p{N}_]+$/u;

/**
 * Returns the remedy for something that another language has, but not rules.
 *
 * @param index the offset of the token that can't be there
 * @param token the token; `''` at the end of the rule
 * @param isValue true if a value was expected, false if an operator was
 */
export function remedyAt(
  source: string,
  index: number,
  token: string,
  isValue: boolean,
): Remedy | undefined {
  if (token === '') return percentAtEnd(source, index);
  return (
    ofNumbers(source, index, token) ??
    ofSign(source, index, token, isValue) ??
    ofApostrophe(source, index, token) ??
    ofWord(source, index, token, isValue) ??
    ofWordBefore(source, index)
  );
}

/** `1.10.0` and `1..5` */
function ofNumbers(source: string, index: number, token: string): Remedy | undefined {
  const [, last] =
    /^(\d+)/.exec(token === '.' ? source.slice(index + 1) : source.slice(index)) ?? [];
  const [written, first = '', second] = /(\d+)\.(?:(\d+)\.)?\.?$/.exec(tail(source, index)) ?? [];
  if (last === undefined || written === undefined) return undefined;
  const reason =
    second === undefined
      ? `rules have no ranges; write ${first} <= value <= ${last}`
      : `put versions into the context as lists of numbers, and write [${first}, ${second}, ${last}]`;
  return { start: index - written.length, end: index + last.length, reason };
}

function ofSign(
  source: string,
  index: number,
  token: string,
  isValue: boolean,
): Remedy | undefined {
  let [start, end] = [index, index];
  while (start > 0 && SIGN.test(source.charAt(start - 1))) start--;
  while (end < source.length && SIGN.test(source.charAt(end))) end++;
  if (end === index) return undefined;
  const sign = source.slice(start, end);
  if (sign === '=>' && /[(,]\s*\(?[\w\s,]*\)?\s*$/.test(tail(source, start))) {
    return { start, end, reason: NO_FUNCTION };
  }
  if (sign.includes('~') || (isValue && token === '/')) return { start, end, reason: NO_REGEX };
  const remedy = SIGNS.get(sign);
  if (remedy !== undefined)
    return { start, end, reason: `rules have no ${quote(sign)}; ${remedy}` };
  const own = SIGNS.get(token);
  if (own === undefined || token.length !== 1) return undefined;
  return { start: index, end: index + 1, reason: `rules have no ${quote(token)}; ${own}` };
}

/** `'it's'` */
function ofApostrophe(source: string, index: number, token: string): Remedy | undefined {
  if (!/^[a-z]/i.test(token) || source.charAt(index - 1) !== "'") return undefined;
  const reason = `the text ends before ${quote(token)}; write an apostrophe inside single quotes as \\u2019, or put the text in double quotes`;
  return { start: index - 1, end: index, reason };
}

function ofWord(
  source: string,
  index: number,
  token: string,
  isValue: boolean,
): Remedy | undefined {
  const before = source.slice(0, index).trimEnd();
  const remedy =
    isValue && token === 'if'
      ? 'write: a if test else b'
      : wordRemedy(token, { before, after: source.slice(index + token.length) });
  if (remedy === undefined) return undefined;
  const reason =
    token === token.toLowerCase() && remedy.startsWith('write "')
      ? remedy
      : `rules have no ${quote(token)}; ${remedy}`;
  return { start: index, end: index + token.length, reason };
}

function ofWordBefore(source: string, index: number): Remedy | undefined {
  const before = source.slice(0, index).trimEnd();
  const [word = ''] = NAME_END.exec(before.slice(-20)) ?? [];
  const start = before.length - word.length;
  // `user.new x`: an attribute is not a word of another language.
  if (word === '' || source.charAt(start - 1) === '.') return undefined;
  const around = { before: source.slice(0, start).trimEnd(), after: source.slice(before.length) };
  const remedy =
    prefixRemedy(word, around) ??
    (word === word.toLowerCase() ? undefined : wordRemedy(word, around));
  return remedy === undefined
    ? undefined
    : { start, end: before.length, reason: `rules have no ${quote(word)}; ${remedy}` };
}

/** `share < 10%` */
function percentAtEnd(source: string, index: number): Remedy | undefined {
  const [, number] = /(\d+(?:\.\d+)?)\s*%$/.exec(tail(source, index)) ?? [];
  return number === undefined
    ? undefined
    : { start: index - 1, end: index, reason: `rules have no percent sign; write ${number}` };
}
