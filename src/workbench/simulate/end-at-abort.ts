import { Readable } from 'node:stream';

/** Passes a stream on until the signal aborts, so that no one waits for the next line of a slow pipe. */
export async function* endAtAbort(
  chunks: AsyncIterable<Uint8Array | string>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array | string> {
  const iterator = chunks[Symbol.asyncIterator]();
  const aborted = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  while (!signal.aborted) {
    const next = await Promise.race([iterator.next(), aborted]);
    if (next === undefined) break;
    if (next.done === true) return;
    yield next.value;
  }
  // An open pipe would keep the process alive.
  if (chunks instanceof Readable) chunks.destroy();
}
