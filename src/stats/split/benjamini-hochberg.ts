/**
 * Corrects the p-values of many tests by the method of Benjamini and Hochberg. If each corrected value is
 * compared with a threshold, the expected share of false alarms among all alarms is at most that
 * threshold. Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal
 * Statistical Society B 57 (1995).
 *
 * @param values one p-value for each test, [0, 1]
 * @returns the corrected values in the same order, [0, 1]; none is smaller than before
 */
export function benjaminiHochberg(values: readonly number[]): number[] {
  const largestFirst = values.map((p, index) => ({ p, index })).sort((a, b) => b.p - a.p);
  const corrected = values.map(() => 1);
  let smallest = 1;
  for (const [before, { p, index }] of largestFirst.entries()) {
    smallest = Math.min(smallest, (p * values.length) / (values.length - before));
    corrected[index] = smallest;
  }
  return corrected;
}
