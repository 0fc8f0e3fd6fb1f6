import { realTimers } from './real-timers.ts';
import type { Steps } from './steps.ts';

/** The usual length of a slice, in milliseconds: requests wait this long for each slice. */
const SLICE_MS = 0.5;

/** Milliseconds for which slices stay short: hundreds of experiments are done by then. */
const PATIENCE_MS = 100;

/** The part of the time after that which the work gets at least, unless slices become too long. */
const SHARE = 1 / 3;

/**
 * The longest slice, in milliseconds. With turns of 40 ms, the work gets a fifth of the time. The collection
 * of garbage may add some milliseconds.
 */
const MAX_SLICE_MS = 10;

/** Turns that are longer may become longer by this part of them. */
const MAX_DELAY = 1 / 4;

/**
 * Runs steps in slices, and lets the process answer requests in between. Otherwise, loading
 * thousands of experiments would block requests until it is done. Short work finishes within the
 * first slice.
 *
 * A busy process has few turns of the event loop. So that a change comes into force under load, too,
 * slices grow when the work gets too little time: 10,000 experiments, about 300 ms of work, are done
 * within two seconds.
 *
 * @param signal ends the work before the next slice
 * @param maxSliceMs the longest slice, unless turns are very long; less for work that is not urgent
 * @throws what the steps throw, or the signal's reason if it was aborted
 */
export async function inSlices<T>(
  steps: Steps<T>,
  signal: AbortSignal,
  maxSliceMs = MAX_SLICE_MS,
): Promise<T> {
  const start = performance.now();
  let begin = start;
  let spentMs = 0;
  let sliceMs = SLICE_MS;
  for (let turns = 1; ; turns++) {
    let now = begin;
    do {
      const { done, value } = steps.next();
      if (done === true) return value;
      now = performance.now();
    } while (now - begin < sliceMs);
    spentMs += now - begin;
    await new Promise<void>((resolve) => realTimers.setImmediate(() => resolve()));
    signal.throwIfAborted();
    begin = performance.now();
    const elapsedMs = begin - start;
    const missingMs = (elapsedMs - PATIENCE_MS) * SHARE - spentMs;
    const otherMs = (elapsedMs - spentMs) / turns;
    const longestMs = Math.max(maxSliceMs, otherMs * MAX_DELAY * (maxSliceMs / MAX_SLICE_MS));
    sliceMs = Math.min(Math.max(SLICE_MS, missingMs), longestMs);
  }
}
