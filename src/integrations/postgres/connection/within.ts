/**
 * Waits at most `timeoutMs` for `work`. Rejects with the signal's reason when it is aborted, and
 * with an error when the time is up. A later result is ignored.
 *
 * @param work receives a signal that is aborted when the wait ends early
 */
export async function within<Value>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const late = new AbortController();
  const error = new Error(`PostgreSQL did not answer within ${timeoutMs} ms`);
  const timer = setTimeout(() => late.abort(error), timeoutMs).unref();
  try {
    const either = AbortSignal.any([signal, late.signal]);
    return await orAborted(work(either), either);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns the result of a promise; rejects with the signal's reason if it is aborted first. */
export async function orAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
