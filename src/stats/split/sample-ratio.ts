import { chiSquareTail, lnChiSquareTail, MIN_EXPECTED } from '../distributions/chi-square.ts';

/** The result of a sample-ratio test. */
export interface SampleRatio {
  /**
   * - `ok`
   * - `ok-small-counts`: an expected count is below 5, so the p-value is only approximate
   * - `too-few`: fewer than two variants with a share, or no units
   * - `impossible`: units in a variant with a share of 0, which is certain evidence
   */
  readonly status: 'ok' | 'ok-small-counts' | 'too-few' | 'impossible';
  /** Pearson's statistic; Infinity if `impossible`, null if `too-few`. */
  readonly statistic: number | null;
  readonly degreesOfFreedom: number | null;
  readonly pValue: number | null;
  /** The natural logarithm of `pValue`; −Infinity if `impossible`. */
  readonly lnPValue: number | null;
}

const TOO_FEW: SampleRatio = {
  status: 'too-few',
  statistic: null,
  degreesOfFreedom: null,
  pValue: null,
  lnPValue: null,
};

/**
 * Tests whether units are split between variants as intended, by Pearson's chi-square. A. Fabijan et
 * al., "Diagnosing sample ratio mismatch in online controlled experiments", KDD (2019). Variants with a
 * weight of 0 do not take part.
 *
 * @param counts the units of each variant
 * @param weights the intended shares, in any unit
 */
export function sampleRatio(counts: readonly number[], weights: readonly number[]): SampleRatio {
  const cells = counts.map((count, i) => ({ count, weight: weights[i] ?? 0 }));
  const used = cells.filter(({ weight }) => weight > 0);
  if (cells.some(({ count, weight }) => !(weight > 0) && count > 0)) {
    return {
      status: 'impossible',
      statistic: Number.POSITIVE_INFINITY,
      degreesOfFreedom: Math.max(1, used.length - 1),
      pValue: 0,
      lnPValue: Number.NEGATIVE_INFINITY,
    };
  }
  const total = used.reduce((sum, { count }) => sum + count, 0);
  const weight = used.reduce((sum, cell) => sum + cell.weight, 0);
  if (used.length < 2 || !(total > 0)) return TOO_FEW;
  let statistic = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (const cell of used) {
    const expected = total * (cell.weight / weight);
    statistic += (cell.count - expected) * ((cell.count - expected) / expected);
    smallest = Math.min(smallest, expected);
  }
  const degreesOfFreedom = used.length - 1;
  if (Number.isNaN(statistic)) return TOO_FEW;
  return {
    status: smallest < MIN_EXPECTED ? 'ok-small-counts' : 'ok',
    ...splitTest(statistic, degreesOfFreedom),
  };
}

/** Returns the p-value of a chi-square statistic, such as the sum of those of several audiences. */
export function splitTest(
  statistic: number,
  degreesOfFreedom: number,
): {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  readonly lnPValue: number;
} {
  return {
    statistic,
    degreesOfFreedom,
    pValue: chiSquareTail(statistic, degreesOfFreedom),
    lnPValue: lnChiSquareTail(statistic, degreesOfFreedom),
  };
}
