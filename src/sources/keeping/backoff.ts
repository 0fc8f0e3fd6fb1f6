import { fullJitterMs } from '../../retry/full-jitter.ts';

/** The longest delay after the first failure, in milliseconds. */
const BASE_MS = 1000;

/** The longest delay after many failures, in milliseconds. */
export const MAX_BACKOFF_MS = 30_000;

/**
 * Returns the delay before the next load in milliseconds: exponential backoff with full jitter.
 *
 * @param failures number of failed loads in a row, at least 1
 * @param random draws from [0, 1)
 */
export function backoffMs(failures: number, random: () => number): number {
  return fullJitterMs(failures, BASE_MS, MAX_BACKOFF_MS, random);
}

/** The random part of an interval: up to a tenth less or more. */
const JITTER_SHARE = 0.1;

/**
 * Returns an interval that is randomly up to a tenth shorter or longer, so that processes started
 * together don't keep polling at the same moment.
 *
 * @param random draws from [0, 1)
 */
export function jittered(intervalMs: number, random: () => number): number {
  return intervalMs * (1 - JITTER_SHARE + 2 * JITTER_SHARE * random());
}
