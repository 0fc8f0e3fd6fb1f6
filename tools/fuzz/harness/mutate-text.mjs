// Creates new texts from old ones.

/**
 * The usual limit of a length. Only inputs that were longer before may exceed it: most faults need
 * short inputs.
 */
const USUAL_LENGTH = 600;

/** The longest input, in UTF-16 code units. */
const MAX_LENGTH = 12_000;

/** Characters that end something, are invisible, or are not what they look like. */
const CHARACTERS = [
  '\0',
  '\n',
  '\r',
  '\t',
  ' ',
  '\u00a0',
  '\u2028',
  '\ufeff',
  '\ud800',
  '\udc00',
  'é',
  'ﬁ',
  '𝒜',
  'İ',
  'ı',
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  '(',
  ')',
  ':',
  ',',
  '.',
  '%',
  '_',
  '0',
  '9',
];

/** Numbers near the limits of number types. */
export const NUMBERS = [
  '0',
  '-0',
  '-1',
  '1',
  '2',
  '7',
  '100',
  '101',
  '255',
  '1e3',
  '1e308',
  '1e309',
  '0.5',
  '2147483648',
  '4294967296',
  '9007199254740991',
  '9007199254740993',
  '18446744073709551616',
  '-9223372036854775809',
  '0.1',
  '1e-7',
];

/**
 * Changes of a text. Each takes random numbers, the text, another input, and the target's words.
 */
const MUTATORS = [
  // Replaces a character.
  (random, text) => {
    const i = random.below(text.length + 1);
    return text.slice(0, i) + randomCharacter(random) + text.slice(i + 1);
  },
  // Flips one bit of a character.
  (random, text) => {
    if (text === '') return randomCharacter(random);
    const i = random.below(text.length);
    const flipped = String.fromCharCode(text.charCodeAt(i) ^ (1 << random.below(8)));
    return text.slice(0, i) + flipped + text.slice(i + 1);
  },
  // Inserts a word.
  (random, text, _other, words) => {
    const i = random.below(text.length + 1);
    return text.slice(0, i) + random.pick(words) + text.slice(i);
  },
  // Replaces a part by a word.
  (random, text, _other, words) => {
    const [from, to] = part(random, text, 12);
    return text.slice(0, from) + random.pick(words) + text.slice(to);
  },
  // Replaces a word by another.
  (random, text, _other, words) => {
    const found = [...text.matchAll(/\w+|[^\w\s]+/g)];
    if (found.length === 0) return random.pick(words);
    const { index, 0: word } = random.pick(found);
    return text.slice(0, index) + random.pick(words) + text.slice(index + word.length);
  },
  // Replaces a number by another.
  (random, text) => {
    const found = [...text.matchAll(/\d+/g)];
    if (found.length === 0) return text + random.pick(NUMBERS);
    const { index, 0: digits } = random.pick(found);
    return text.slice(0, index) + random.pick(NUMBERS) + text.slice(index + digits.length);
  },
  // Removes a part.
  (random, text) => {
    const [from, to] = part(random, text, 40);
    return text.slice(0, from) + text.slice(to);
  },
  // Duplicates a part.
  (random, text) => {
    const [from, to] = part(random, text, 40);
    return text.slice(0, to) + text.slice(from);
  },
  // Repeats a part many times.
  (random, text) => {
    if (!random.oneIn(20)) return text;
    const [from, to] = part(random, text, 8);
    return (
      text.slice(0, from) + text.slice(from, to).repeat(1 + random.below(2000)) + text.slice(to)
    );
  },
  // Puts brackets around a part.
  (random, text) => {
    const [from, to] = part(random, text, 30);
    const [open, close] = random.pick(['()', '[]', '{}', '""', "''"]);
    return text.slice(0, from) + open + text.slice(from, to) + close + text.slice(to);
  },
  // Joins the head of one input and the tail of another.
  (random, text, other) =>
    text.slice(0, random.below(text.length + 1)) + other.slice(random.below(other.length + 1)),
  // Inserts a part of another input.
  (random, text, other) => {
    const [from, to] = part(random, other, 60);
    const i = random.below(text.length + 1);
    return text.slice(0, i) + other.slice(from, to) + text.slice(i);
  },
];

/**
 * Changes a text several times.
 *
 * @param {string} other another input, to take parts of
 * @param {readonly string[]} words typical parts of the target's inputs
 */
export function mutateText(random, text, other, words) {
  let changed = text;
  for (let left = 1 + random.below(4); left > 0; left--) {
    changed = random.pick(MUTATORS)(random, changed, other, words);
  }
  return changed.slice(
    0,
    Math.max(
      USUAL_LENGTH,
      Math.min(MAX_LENGTH, text.length * 2),
      random.oneIn(50) ? MAX_LENGTH : 0,
    ),
  );
}

function part(random, text, longest) {
  const from = random.below(text.length + 1);
  return [from, Math.min(text.length, from + 1 + random.below(longest))];
}

function randomCharacter(random) {
  return random.oneIn(2) ? random.pick(CHARACTERS) : String.fromCharCode(32 + random.below(95));
}
