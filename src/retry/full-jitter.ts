/** The most doublings. More would only give very large numbers. */
const MAX_DOUBLINGS = 30;

/**
 * Returns the wait before the next try: a random number from [0, min(max, min · 2^(failures - 1))).
 * If many processes lose the same server, they do not all return at once.
 *
 * From M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: "full jitter".
 *
 * @param failures the number of failed tries in a row, from 1
 * @param minMs the longest wait after the first failure
 * @param maxMs the longest wait after many failures
 * @param random returns random numbers from [0, 1)
 */
export function fullJitterMs(
  failures: number,
  minMs: number,
  maxMs: number,
  random: () => number,
): number {
  const doublings = Math.min(Math.max(failures - 1, 0), MAX_DOUBLINGS);
  return random() * Math.min(maxMs, minMs * 2 ** doublings);
}
