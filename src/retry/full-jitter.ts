/** Beyond that, doubling gives nothing but large numbers. */
const MAX_DOUBLINGS = 30;

/**
 * How long to wait before the next try: a draw from [0, min(max, min · 2^(failures - 1))), so that many
 * processes that lost one server at once don't come back at once.
 *
 * From M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015: "full jitter".
 *
 * @param failures how many tries in a row have failed, from 1
 * @param minMs the longest wait after the first of them
 * @param maxMs the longest wait after many
 * @param random draws from [0, 1)
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
