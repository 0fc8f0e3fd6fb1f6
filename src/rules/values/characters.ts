import { convertCase } from '../letter-case.ts';
import { lengthOf } from './attributes.ts';
import { spendSteps, spendString } from './budget.ts';

/**
 * Reads the characters of strings as Python counts them: a surrogate pair is one. No list of the
 * characters is made, because it would take ten times the memory and time of the string.
 */

/** The bounds of a slice within a sequence: the first index, the number of items, and the step. */
export interface Extent {
  readonly first: number;
  readonly count: number;
  readonly step: number;
}

const SURROGATE = /[\ud800-\udfff]/;

/** Returns the number of characters, and counts the steps. */
export function countCharacters(text: string): number {
  spendSteps(text.length);
  return SURROGATE.test(text) ? lengthOf(text) : text.length;
}

/**
 * Returns the character at an index.
 *
 * @param length the number of characters
 * @param index [0, length)
 */
export function characterAt(text: string, length: number, index: number): string {
  if (length === text.length) return text.charAt(index);
  return String.fromCodePoint(text.codePointAt(offsetOf(text, 0, index)) ?? 0);
}

/** The cost of copying a single character, in steps. */
const STEPS_PER_COPY = 6;

/**
 * Returns a slice of a string.
 *
 * @param length the number of characters
 * @throws RuleFault `limit` if the slice has too many characters
 */
export function sliceOfText(text: string, length: number, { first, count, step }: Extent): string {
  spendString(count);
  if (count === 0) return '';
  const isPlain = length === text.length;
  if (step === 1) {
    const start = isPlain ? first : offsetOf(text, 0, first);
    return text.slice(start, isPlain ? start + count : offsetOf(text, start, count));
  }
  spendSteps(count * STEPS_PER_COPY);
  const last = first + (count - 1) * step;
  const characters: string[] = [];
  if (isPlain) {
    for (let i = 0; i < count; i++) characters.push(text.charAt(first + i * step));
    return characters.join('');
  }
  const skipped = Math.abs(step);
  let at = offsetOf(text, 0, Math.min(first, last));
  for (let i = 0; i < count; i++) {
    const end = offsetOf(text, at, 1);
    characters.push(text.slice(at, end));
    at = i === count - 1 ? end : offsetOf(text, end, skipped - 1);
  }
  return (step < 0 ? characters.toReversed() : characters).join('');
}

/** Returns the offset that lies a number of characters after another offset. */
function offsetOf(text: string, from: number, characters: number): number {
  let at = from;
  for (let i = 0; i < characters; i++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}

/** The cost of converting a character, in steps: looking up its case takes longer than copying it. */
const STEPS_PER_LETTER = 4;

/** Converting any text takes at least as long as converting this many characters. */
const LEAST_LETTERS = 10;

/**
 * Returns `text.lower` or `text.upper` of a rule.
 *
 * @throws RuleFault `limit` if the result has too many characters
 */
export function inCase(text: string, to: 'lower' | 'upper'): string {
  const length = countCharacters(text);
  spendString(length);
  spendSteps((text.length + LEAST_LETTERS) * STEPS_PER_LETTER);
  const converted = convertCase(text, to);
  // Some letters become two or three: "ß" is "SS" in upper case.
  if (converted.length > text.length) spendString(countCharacters(converted));
  return converted;
}
