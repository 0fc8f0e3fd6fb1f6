import type { Steps } from './steps.ts';

/** How long requests wait for steps at a time, in milliseconds. */
const SLICE_MS = 0.5;

/**
 * Does steps in slices, between which the process answers requests: loading thousands of experiments
 * would keep them waiting for as long as that takes. What is little is done at once.
 *
 * @param signal ends it before the next slice
 * @throws what the steps throw; the signal's reason, where it was aborted
 */
export async function inSlices<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    const begin = performance.now();
    do {
      const { done, value } = steps.next();
      if (done === true) return value;
    } while (performance.now() - begin < SLICE_MS);
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
}
