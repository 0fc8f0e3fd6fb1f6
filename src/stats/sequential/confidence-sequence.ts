/** The number of units for which a sequence is tightest if no number is planned. */
export const DEFAULT_TUNING = 5000;

/** An estimate after some units. */
export interface SequentialEstimate {
  readonly estimate: number;
  readonly standardError: number;
  /** The units of both arms together. */
  readonly n: number;
}

/** The choice of a confidence sequence; it must not depend on the data. */
export interface SequentialOptions {
  /** 1 − confidence: 0.05. */
  readonly alpha: number;
  /** The number of units for which the interval is tightest. Default: {@link DEFAULT_TUNING}. */
  readonly tuning?: number;
  /** Default: `two-sided`. */
  readonly alternative?: 'two-sided' | 'greater' | 'less';
}

/** The interval and the p-value at one look. Both are valid however often people look. */
export interface ConfidenceSequence {
  /** Infinite at the open end of a one-sided sequence. */
  readonly interval: readonly [low: number, high: number];
  readonly pValue: number;
  /** The natural logarithm of `pValue`. */
  readonly lnPValue: number;
}

/**
 * Returns the interval of an asymptotic confidence sequence: over all looks together, the intervals
 * contain the true value with probability 1 − α. I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A.
 * Ramdas, "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics
 * 52 (2024); S. R. Howard, A. Ramdas, J. McAuliffe, J. Sekhon, "Time-uniform, nonparametric,
 * nonasymptotic confidence sequences", Annals of Statistics 49 (2021). It is asymptotic: decide nothing
 * below some 100 units an arm.
 *
 * @returns an interval without ends and p = 1 if there is no variance or there are no units
 */
export function confidenceSequence(
  { estimate, standardError, n }: SequentialEstimate,
  { alpha, tuning = DEFAULT_TUNING, alternative = 'two-sided' }: SequentialOptions,
): ConfidenceSequence {
  const mixing = n * mixingVariance(alpha, tuning, alternative);
  return mixtureSequence({ estimate, standardError }, mixing, alpha, alternative);
}

/** Returns the distance between the estimate and the closed ends of {@link confidenceSequence}. */
export function sequentialHalfWidth(
  { standardError, n }: Omit<SequentialEstimate, 'estimate'>,
  { alpha, tuning = DEFAULT_TUNING, alternative = 'two-sided' }: SequentialOptions,
): number {
  const mixing = n * mixingVariance(alpha, tuning, alternative);
  return halfWidth(standardError, mixing, alpha, alternative);
}

/**
 * Returns the interval and p-value of a mixture of normal likelihoods. With `mixing` n·ρ² it is
 * {@link confidenceSequence}, with τ²/V the mSPRT of R. Johari, P. Koomen, L. Pekelis, D. Walsh, "Always
 * valid inference", Operations Research 70 (2022).
 *
 * @param mixing the variance of the mixture divided by that of the estimate
 */
export function mixtureSequence(
  { estimate, standardError }: Omit<SequentialEstimate, 'n'>,
  mixing: number,
  alpha: number,
  alternative: 'two-sided' | 'greater' | 'less' = 'two-sided',
): ConfidenceSequence {
  const half = halfWidth(standardError, mixing, alpha, alternative);
  const lnPValue = lnP(estimate / standardError, mixing, alternative);
  if (!Number.isFinite(half) || Number.isNaN(lnPValue) || !Number.isFinite(estimate)) {
    return {
      interval: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
      pValue: 1,
      lnPValue: 0,
    };
  }
  return {
    interval: [
      alternative === 'less' ? Number.NEGATIVE_INFINITY : estimate - half,
      alternative === 'greater' ? Number.POSITIVE_INFINITY : estimate + half,
    ],
    pValue: Math.exp(lnPValue),
    lnPValue,
  };
}

/** Returns ρ², for which the interval is tightest after `tuning` units. */
export function mixingVariance(
  alpha: number,
  tuning: number,
  alternative: 'two-sided' | 'greater' | 'less' = 'two-sided',
): number {
  // At a level of 1 the formula would give 0.
  const level = Math.min(0.99, alternative === 'two-sided' ? alpha : 2 * alpha);
  const information = -2 * Math.log(level);
  return (information + Math.log1p(information)) / tuning;
}

function halfWidth(
  standardError: number,
  mixing: number,
  alpha: number,
  alternative: 'two-sided' | 'greater' | 'less',
): number {
  if (!(standardError > 0 && mixing > 0)) return Number.POSITIVE_INFINITY;
  const w = mixing + 1;
  const ln =
    alternative === 'two-sided'
      ? Math.log(w) / 2 - Math.log(alpha)
      : Math.log1p(Math.sqrt(w) / (2 * alpha));
  return standardError * Math.sqrt(((2 * w) / mixing) * ln);
}

function lnP(z: number, mixing: number, alternative: 'two-sided' | 'greater' | 'less'): number {
  const w = mixing + 1;
  const q = (mixing / w) * (z ** 2 / 2);
  if (alternative === 'two-sided') return Math.min(0, Math.log(w) / 2 - q);
  if (alternative === 'greater' ? z <= 0 : z >= 0) return 0;
  // expm1 would overflow; there, the difference to e^q is below rounding.
  const lnExpm1 = q > 50 ? q : Math.log(Math.expm1(q));
  return Math.min(0, Math.log(w) / 2 - Math.LN2 - lnExpm1);
}
