/**
 * Returns true if a value is a promise of any kind: another library's, or another realm's. Never
 * throws; a value whose `then` can't be read is not a promise.
 */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  try {
    return (
      ((typeof value === 'object' && value !== null) || typeof value === 'function') &&
      'then' in value &&
      typeof value.then === 'function'
    );
  } catch {
    return false;
  }
}

/**
 * Observes the result of a callback that nobody awaits: if it is a promise that rejects, `rejected` is
 * called, and the rejection does not end the process. Never throws.
 */
export function watchRejection(result: unknown, rejected: (thrown: unknown) => void): void {
  if (!isThenable(result)) return;
  // Promise.resolve() would read `result.constructor`, which may throw.
  new Promise((resolve) => resolve(result)).then(undefined, rejected);
}
