/**
 * Corrects the p-values of many tests by Holm's method. If each corrected value is compared with a
 * threshold, the probability of any false alarm is at most that threshold. S. Holm, "A simple
 * sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
 *
 * @param values one p-value for each test, [0, 1]
 * @returns the corrected values in the same order, [0, 1]; none is smaller than before
 */
export function holm(values: readonly number[]): number[] {
  const smallestFirst = values.map((p, index) => ({ p, index })).sort((a, b) => a.p - b.p);
  const corrected = values.map(() => 1);
  let largest = 0;
  for (const [rank, { p, index }] of smallestFirst.entries()) {
    largest = Math.max(largest, Math.min(1, p * (values.length - rank)));
    corrected[index] = largest;
  }
  return corrected;
}
