import { realTimers } from './real-timers.ts';

/** The longest time of a timer, in milliseconds: longer than any time limit in Evenhand. */
const FOR_EVER_MS = 2 ** 31 - 1;

/**
 * Keeps the process alive until a promise settles, because a caller awaits it. The timers that bound the
 * work behind it do not: with nothing else to do, Node would end the process with code 13.
 */
export function keepAliveUntil<T>(settled: Promise<T>): Promise<T> {
  const timer = realTimers.setTimeout(() => {}, FOR_EVER_MS);
  return settled.finally(() => realTimers.clearTimeout(timer));
}
