import { fullJitterMs } from '../../retry/full-jitter.ts';
import { MAX_RETRY_AFTER_MS } from '../../retry/retry-after.ts';

/** How long to wait before the next attempt; in milliseconds. */
export interface RetrySettings {
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * How long to wait after a failure: exponential backoff with full jitter; but not less than the sink
 * asks for.
 *
 * @param failures how many there were in a row, from 1
 * @param retryAfterMs what the sink asks for, if it does; counts up to an hour
 * @param random draws in [0, 1)
 * @returns milliseconds, whole
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
