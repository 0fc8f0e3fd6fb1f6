/**
 * The same text, as the one string that V8 has of it for names and literals in source code: texts
 * that are asked for by a literal are then found, and told apart, without a look at their characters.
 */
export function internalized(text: string): string {
  const keys = Object.create(null) as Record<string, true>;
  keys[text] = true;
  return Object.keys(keys)[0] ?? text;
}
