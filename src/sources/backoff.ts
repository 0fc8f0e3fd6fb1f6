/** How long a source is left alone after its first failure at most, in milliseconds. */
const BASE_MS = 1000;

/** Beyond that, doubling gives nothing but large numbers. */
const MAX_DOUBLINGS = 20;

/** How long it is left alone after many failures at most, in milliseconds. */
export const MAX_BACKOFF_MS = 30_000;

/**
 * How long to wait before the next try: a draw from [0, min(cap, base · 2^failures)), "full jitter", so
 * that many processes that lost one server at once don't come back at once.
 *
 * From M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 *
 * @param failures how many tries in a row have failed, from 1
 * @param random draws from [0, 1)
 */
export function backoffMs(failures: number, random: () => number): number {
  const doublings = Math.min(Math.max(failures - 1, 0), MAX_DOUBLINGS);
  return random() * Math.min(MAX_BACKOFF_MS, BASE_MS * 2 ** doublings);
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
