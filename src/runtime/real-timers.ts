import { clearImmediate, clearTimeout, setImmediate, setTimeout } from 'node:timers';

/** The functions that start and cancel timers. */
export type Timers = Pick<
  typeof globalThis,
  'setTimeout' | 'clearTimeout' | 'setImmediate' | 'clearImmediate'
>;

/**
 * Node's timers as they were when the package was loaded. Test runners replace the global ones by
 * timers that stand still, and a wait for `flush()` or `close()` would never end.
 */
export const realTimers: Timers = { setTimeout, clearTimeout, setImmediate, clearImmediate };

/** A timer that runs. It is cancelled by the functions that started it, whatever replaced them. */
export interface Timer {
  ref(): void;
  unref(): void;
  cancel(): void;
}

/** Starts a timeout. */
export function startTimeout(
  run: () => void,
  ms: number,
  { setTimeout, clearTimeout }: Timers,
): Timer {
  const handle = setTimeout(run, ms);
  return {
    ref: () => void handle.ref(),
    unref: () => void handle.unref(),
    cancel: () => clearTimeout(handle),
  };
}

/** Runs a function in the next turn of the event loop. */
export function startImmediate(run: () => void): Timer {
  const handle = realTimers.setImmediate(run);
  return {
    ref: () => void handle.ref(),
    unref: () => void handle.unref(),
    cancel: () => realTimers.clearImmediate(handle),
  };
}
