/**
 * Returns the message of a thrown value. It does not use `instanceof`: the value may come from
 * another realm, such as a test runner's sandbox. Never throws, even if an application throws
 * something that can't be converted to text.
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
