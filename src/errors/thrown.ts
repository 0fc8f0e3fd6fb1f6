/**
 * What was thrown, in words. Not by `instanceof`: it may come from another realm, as what Node's own
 * functions throw does in a test runner's sandbox. Never throws, though an application's getters may
 * throw what can't be made text.
 */
export function thrownMessage(thrown: unknown): string {
  try {
    return typeof thrown === 'object' && thrown !== null && 'message' in thrown
      ? String(thrown.message)
      : String(thrown);
  } catch {
    return "a value that can't be converted to text";
  }
}
