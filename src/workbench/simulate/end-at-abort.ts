import { Readable } from 'node:stream';

/**
 * A stream that ends when the signal does: who waits for the next line of a pipe would else wait until
 * there is one.
 */
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
  // An open pipe keeps the process alive.
  if (chunks instanceof Readable) chunks.destroy();
}
