/**
 * Returns the text as the string object that V8 uses for names and literals in source code. V8
 * compares such strings, and finds them as keys, without reading their characters.
 */
export function internalized(text: string): string {
  const known = Object.create(null) as Record<string, true>;
  known[text] = true;
  // V8 stores keys as such strings.
  for (const key in known) return key;
  return text;
}
