import type { Steps } from './steps.ts';

/** The length of a slice, in milliseconds: requests wait this long for each slice. */
const SLICE_MS = 0.5;

/**
 * Runs steps in slices, and lets the process answer requests in between. Otherwise, loading
 * thousands of experiments would block requests until it is done. Short work finishes within the
 * first slice.
 *
 * @param signal ends the work before the next slice
 * @throws what the steps throw, or the signal's reason if it was aborted
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
