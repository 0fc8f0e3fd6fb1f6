/**
 * The message of what was thrown. Not by `instanceof`: it may come from another realm, as what
 * Node's own functions throw does in a test runner's sandbox.
 */
export function thrownMessage(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) {
    return String(thrown.message);
  }
  return String(thrown);
}
