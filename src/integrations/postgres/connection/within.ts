/**
 * Waits no longer than that for what a connection does: rejects when aborted, with the signal's reason,
 * and past the time. What comes later is not looked at.
 *
 * @param work is told by its signal when nobody waits any longer
 */
export async function within<Value>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const late = new AbortController();
  const error = new Error(`PostgreSQL says nothing for ${timeoutMs} ms`);
  const timer = setTimeout(() => late.abort(error), timeoutMs).unref();
  try {
    const either = AbortSignal.any([signal, late.signal]);
    return await orAborted(work(either), either);
  } finally {
    clearTimeout(timer);
  }
}

/** What a promise gives, unless it is aborted before: then rejects with the signal's reason. */
export async function orAborted<Value>(
  promise: Promise<Value>,
  signal: AbortSignal,
): Promise<Value> {
  let give = () => {};
  const aborted = new Promise<never>((_, reject) => {
    give = () => reject(signal.reason);
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', give);
  }
}
