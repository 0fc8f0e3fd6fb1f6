import { fullJitterMs } from '../../retry/full-jitter.ts';

/** How long a source is left alone after its first failure at most, in milliseconds. */
const BASE_MS = 1000;

/** How long it is left alone after many failures at most, in milliseconds. */
export const MAX_BACKOFF_MS = 30_000;

/**
 * How long to leave a source alone: exponential backoff with full jitter.
 *
 * @param failures how many tries in a row have failed, from 1
 * @param random draws from [0, 1)
 */
export function backoffMs(failures: number, random: () => number): number {
  return fullJitterMs(failures, BASE_MS, MAX_BACKOFF_MS, random);
}

/** How much of an interval is drawn: a tenth less or more. */
const JITTER_SHARE = 0.1;

/**
 * An interval, a tenth shorter or longer by chance, so that processes started together don't ask
 * together for ever.
 *
 * @param random draws from [0, 1)
 */
export function jittered(intervalMs: number, random: () => number): number {
  return intervalMs * (1 - JITTER_SHARE + 2 * JITTER_SHARE * random());
}
