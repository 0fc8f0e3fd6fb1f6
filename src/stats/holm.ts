/**
 * Holm's correction for many tests: the p-values made so large that comparing each with a threshold
 * gives one false alarm or more, in all of them together, no oftener than that. S. Holm, "A simple
 * sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979).
 *
 * @param values one p-value for each test, [0, 1]
 * @returns the corrected ones in the same order, [0, 1]; none is smaller than it was
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
