/**
 * Converts texts to lower and upper case as Python 3.12 and 3.13 do: all of Unicode 15, independent of
 * any language. A later Unicode version of Node must not change who is in an audience.
 */

/**
 * The characters that Unicode 16 or 17 treats differently: their case, or a final sigma beside them.
 * A test compares every character with Python, so a further Unicode version makes it fail.
 */
const LATER =
  '19b 264 897 1acf-1add 1ae0-1aeb 1c89-1c8a a7cb-a7cf a7d2-a7d5 a7da-a7dc a7f1 10d4e ' +
  '10d50-10d65 10d69-10d6d 10d6f-10d85 10ec5 10efa-10efc 113bb-113c0 113ce 113d0 113d2 ' +
  '113e1-113e2 1171e 11b60 11b62-11b64 11b66 11dd9 11f5a 1611e-16129 1612d-1612f ' +
  '16d40-16d42 16d6b-16d6c 16ea0-16eb8 16ebb-16ed3 16ff2-16ff3 1e5ee-1e5ef 1e6e3 1e6e6 ' +
  '1e6ee-1e6ef 1e6f5 1e6ff';

/** Some of these, and U+0295, were letters with a case: a sigma after them ends a word. */
const LETTERS = new Set(['\u019b', '\u0264', '\u0295', '\ua7d3', '\ua7d5']);

/** One of them was a mark: it does not separate a sigma from a letter. */
const MARKS = new Set(['\u{1171e}']);

/** A letter that has a case and no other form, a mark, and a character that never means anything. */
const [LETTER, MARK, NOTHING] = ['\u0138', '\ufff9', '\uffff'];

const characters = LATER.replaceAll(/[0-9a-f]+/g, String.raw`\u{$&}`).replaceAll(' ', '');
const MAY_DIFFER = new RegExp(`[${characters}\u0295]`, 'u');
const STAND_INS = new RegExp(`[${LETTER}${MARK}${NOTHING}]`, 'g');
const HIDDEN = new RegExp(`${MAY_DIFFER.source}|${STAND_INS.source}`, 'gu');

function standInFor(character: string): string {
  if (character === LETTER || LETTERS.has(character)) return LETTER;
  return character === MARK || MARKS.has(character) ? MARK : NOTHING;
}

/** Converts a text without counting its cost: for texts that are part of a rule or its declaration. */
export function convertCase(text: string, to: 'lower' | 'upper'): string {
  const convert = (one: string) => (to === 'lower' ? one.toLowerCase() : one.toUpperCase());
  if (!MAY_DIFFER.test(text)) return convert(text);
  const kept: string[] = [];
  const masked = text.replaceAll(HIDDEN, (character) => {
    kept.push(character);
    return standInFor(character);
  });
  let next = 0;
  return convert(masked).replaceAll(STAND_INS, () => kept[next++] ?? '');
}
