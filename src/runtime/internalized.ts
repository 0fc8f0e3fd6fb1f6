/**
 * The same text, as the one string that V8 has of it for names and literals in source code: texts
 * that are asked for by a literal are then found, and told apart, without a look at their characters.
 */
export function internalized(text: string): string {
  const known = Object.create(null) as Record<string, true>;
  known[text] = true;
  // Keys are such strings.
  // oxlint-disable-next-line guard-for-in -- it inherits nothing
  for (const key in known) return key;
  return text;
}
