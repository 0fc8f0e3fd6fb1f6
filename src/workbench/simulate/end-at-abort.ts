import { Readable } from 'node:stream';

/** Passes a stream on until the signal aborts, so that no one waits for the next line of a slow pipe. */
export async function* endAtAbort(
  chunks: AsyncIterable<Uint8Array | string>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array | string> {
  const iterator = chunks[Symbol.asyncIterator]();
  while (!signal.aborted) {
    const next = await orAborted(iterator.next(), signal);
    if (next === undefined) break;
    if (next.done === true) return;
    yield next.value;
  }
  // An open pipe would keep the process alive.
  if (chunks instanceof Readable) chunks.destroy();
}

/**
 * Settles like the promise, or resolves with undefined once the signal aborts. A race with one promise
 * for all chunks would keep every chunk in memory until the signal aborts.
 */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve(undefined);
    signal.addEventListener('abort', stop, { once: true });
    const settled = (): void => signal.removeEventListener('abort', stop);
    promise.then(resolve, reject).finally(settled);
  });
}
