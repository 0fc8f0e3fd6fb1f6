/**
 * The same text, as the one string that V8 has of it for names and literals in source code: texts
 * that are asked for by a literal are then found, and told apart, without a look at their characters.
 */
export function internalized(text: string): string {
  const [same] = internalizedAll([text]);
  return same ?? text;
}

/** The same texts, as {@link internalized}; for many at once, which is several times as fast. */
export function internalizedAll(texts: readonly string[]): string[] {
  const known = Object.create(null) as Record<string, string>;
  for (const text of texts) known[text] = text;
  // Keys are such strings.
  for (const key of Object.keys(known)) known[key] = key;
  return texts.map((text) => known[text] ?? text);
}
