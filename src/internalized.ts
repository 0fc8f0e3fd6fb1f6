/**
 * The same text, as the one string that V8 has of it for names and literals in source code: texts
 * that are asked for by a literal are then found, and told apart, without a look at their characters.
 */
export function internalized(text: string): string {
  const [key = text] = Object.keys({ [text]: undefined });
  return key;
}
