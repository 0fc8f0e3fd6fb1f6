/** The units of one variant: their number, and the mean and variance of a metric. */
export interface Arm {
  readonly n: number;
  readonly mean: number;
  /** The variance of one unit; the mean's variance is this divided by `n`. */
  readonly variance: number;
}

/** The hypothesis to test and the error rate. */
export interface Test {
  /** `greater`: the treatment is greater than the control. */
  readonly alternative: 'two-sided' | 'greater' | 'less';
  /** 1 − confidence: 0.05. */
  readonly alpha: number;
  /**
   * The difference to test against, on the scale that is compared, by the method of the interval: p is below
   * α exactly if the interval excludes it. Default: 0, by the one test of the absolute difference.
   */
  readonly against?: number;
}

/** The state of a figure. Only the three `ok` ones have a usable interval. */
export type EstimateStatus =
  | 'ok'
  /** A proportion with a cell below 5: exact test, Newcombe's interval. */
  | 'ok-small-counts'
  /** Relative to a mean that is barely distinguishable from 0. */
  | 'ok-baseline-near-zero'
  /** Fewer than two units in an arm. */
  | 'too-few'
  | 'no-variance'
  /** Relative to a mean of 0. */
  | 'no-baseline'
  | 'no-denominator'
  /** The relative interval has no end; the absolute one has. */
  | 'unbounded'
  /** The numbers are impossible or too large, such as an infinite mean. */
  | 'impossible';

/** A lower and an upper end; infinite if open. */
export type Range = readonly [low: number, high: number];

/** The method of an interval. */
export type EstimateMethod = 'welch' | 'delta' | 'fieller' | 'newcombe';

/** The estimate of a difference, with its test. No number in it is NaN. */
export interface Estimate {
  readonly status: EstimateStatus;
  /** Treatment − control, or that divided by |control|; null if it is not defined. */
  readonly estimate: number | null;
  readonly standardError: number | null;
  readonly degreesOfFreedom: number | null;
  /** The estimate divided by its standard error. */
  readonly statistic: number | null;
  readonly pValue: number | null;
  /** The natural logarithm of `pValue`, which keeps values below 1e-308. */
  readonly lnPValue: number | null;
  readonly interval: Range | null;
  readonly method: EstimateMethod;
}

/** Returns an estimate without a test, with the reason as its status. */
export function withoutTest(
  status: EstimateStatus,
  method: EstimateMethod,
  estimate: number | null = null,
): Estimate {
  return {
    status,
    estimate: estimate !== null && Number.isFinite(estimate) ? estimate : null,
    standardError: null,
    degreesOfFreedom: null,
    statistic: null,
    pValue: null,
    lnPValue: null,
    interval: null,
    method,
  };
}
