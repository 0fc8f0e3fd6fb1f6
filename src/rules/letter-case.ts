/**
 * Converts texts to lower and upper case as Python 3.12 and 3.13 do: all of Unicode 15, independent of
 * any language. A later Unicode version of Node must not change who is in an audience.
 */

/**
 * The characters that Unicode 16 or 17 treats differently: their case, or the final sigma beside them.
 * A test compares every character with Python, so a further Unicode version makes it fail.
 */
const LATER =
  /[\u019b\u0264\u0897\u1acf-\u1add\u1ae0-\u1aeb\u1c89-\u1c8a\ua7cb-\ua7cf\ua7d2-\ua7d5\ua7da-\ua7dc\ua7f1\u{10d4e}\u{10d50}-\u{10d65}\u{10d69}-\u{10d6d}\u{10d6f}-\u{10d85}\u{10ec5}\u{10efa}-\u{10efc}\u{113bb}-\u{113c0}\u{113ce}\u{113d0}\u{113d2}\u{113e1}-\u{113e2}\u{1171e}\u{11b60}\u{11b62}-\u{11b64}\u{11b66}\u{11dd9}\u{11f5a}\u{1611e}-\u{16129}\u{1612d}-\u{1612f}\u{16d40}-\u{16d42}\u{16d6b}-\u{16d6c}\u{16ea0}-\u{16eb8}\u{16ebb}-\u{16ed3}\u{16ff2}-\u{16ff3}\u{1e5ee}-\u{1e5ef}\u{1e6e3}\u{1e6e6}\u{1e6ee}-\u{1e6ef}\u{1e6f5}\u{1e6ff}]/u;

/** Some of these, and U+0295, were letters with a case: a sigma after them ends a word. */
const LETTERS = new Set(['\u019b', '\u0264', '\u0295', '\ua7d3', '\ua7d5']);

/** One of them was a mark: it does not separate a sigma from a letter. */
const MARKS = new Set(['\u{1171e}']);

/** A letter that has a case and no other form, a mark, and a character that never means anything. */
const [LETTER, MARK, NOTHING] = ['\u0138', '\ufff9', '\uffff'];

const MAY_DIFFER = new RegExp(`${LATER.source}|\u0295`, 'u');
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
