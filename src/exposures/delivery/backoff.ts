import { fullJitterMs } from '../../retry/full-jitter.ts';
import { MAX_RETRY_AFTER_MS } from '../../retry/retry-after.ts';

/** The bounds of the delay before the next attempt, in milliseconds. */
export interface RetrySettings {
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * Returns the delay after a failure: exponential backoff with full jitter, added to the delay that
 * the sink asks for.
 *
 * @param failures the number of failures in a row, from 1
 * @param retryAfterMs the delay that the sink asks for; at most an hour of it counts
 * @param random draws in [0, 1)
 * @returns whole milliseconds
 */
export function retryDelayMs(
  failures: number,
  retryAfterMs: number | undefined,
  { minDelayMs, maxDelayMs }: RetrySettings,
  random: () => number,
): number {
  const jittered = Math.ceil(fullJitterMs(failures, minDelayMs, maxDelayMs, random));
  if (retryAfterMs === undefined || !(retryAfterMs > 0)) return jittered;
  return Math.min(MAX_RETRY_AFTER_MS, Math.ceil(retryAfterMs)) + jittered;
}
