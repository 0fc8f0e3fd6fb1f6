/** Enough steps to use all digits of a number, for any bracket whose ends differ by a factor of 2. */
const MAX_STEPS = 60;

/**
 * Returns the smallest number for which a condition holds, given that it also holds for all larger ones.
 * Doubles or halves until the number is between two ends, then bisects; the number of steps is bounded.
 *
 * @param isReached the condition
 * @param start a guess, more than 0
 * @param min the smallest number to try, more than 0
 * @param max the largest number to try
 * @returns null if the condition does not hold for `max`, which then is the answer "none"
 */
export function smallestReaching(
  isReached: (x: number) => boolean,
  { start, min, max }: { readonly start: number; readonly min: number; readonly max: number },
): number | null {
  let high = Math.min(max, Math.max(min, start));
  while (!isReached(high)) {
    if (high >= max) return null;
    high = Math.min(max, high * 2);
  }
  let low = Math.max(min, high / 2);
  while (isReached(low)) {
    if (low <= min) return min;
    high = low;
    low = Math.max(min, high / 2);
  }
  for (let i = 0; i < MAX_STEPS; i++) {
    const middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    if (isReached(middle)) high = middle;
    else low = middle;
  }
  return high;
}
