/**
 * Returns all characters but halves of pairs, each also beside a capital sigma, whose lower case depends
 * on it.
 *
 * @param last the last code point
 */
export function textsOfEveryCharacter(last = 0x10ffff): string[] {
  const texts: string[] = [];
  for (let code = 0; code <= last; code++) {
    if (code >= 0xd800 && code < 0xe000) continue;
    const character = String.fromCodePoint(code);
    texts.push(`${character} ${character}Σ AΣ${character} AΣ${character}A A${character}Σ`);
  }
  return texts;
}
