import type { PlannedTest } from './planned-test.ts';

/** A metric as it is in the control. */
export interface Baseline {
  /** The rate, mean, ratio or quantile. */
  readonly value: number;
  /**
   * The variance per unit. `rate`: of a proportion, value · (1 − value) in each arm. Of a ratio, the
   * variance by the delta method (`ratioArm()`), and of a quantile that of `quantileArm()`.
   */
  readonly variance: number | 'rate';
  /** The share of the variance that CUPED removes, from 0 to less than 1. Default: 0. */
  readonly reduction?: number;
}

/** A comparison of a treatment with the control, before it has begun. */
export interface Design {
  readonly baseline: Baseline;
  /** The units of the treatment for each unit of the control: 1 for equal shares. */
  readonly treatmentPerControl: number;
  readonly test: PlannedTest;
  /**
   * Of a test of no harm only: the largest accepted harm, as a share of the control's value. The test
   * then excludes a harm of that size, against its `alternative`. Default: 0.
   */
  readonly margin?: number;
}

/** The true difference and its standard error. */
export interface Distance {
  /** The difference from the value that is to be excluded, on the metric's scale. */
  readonly difference: number;
  readonly standardError: number;
}

/** Rounding may push a rate above 1 or below 0 by this much. */
const ROUNDING = 1e-12;

/**
 * Returns the difference that a lift makes, and its standard error.
 *
 * @param lift relative to the size of the control's value
 * @returns undefined if the lift is impossible (a rate outside of [0, 1]) or there are no units
 */
export function distance(design: Design, lift: number, unitsControl: number): Distance | undefined {
  const { baseline, treatmentPerControl, test, margin = 0 } = design;
  const size = Math.abs(baseline.value);
  const treated = baseline.value + lift * size;
  const control = varianceAt(baseline, baseline.value);
  const treatment = varianceAt(baseline, treated);
  if (!(unitsControl > 0) || control === undefined || treatment === undefined) return undefined;
  const square = control / unitsControl + treatment / (unitsControl * treatmentPerControl);
  const accepted = test.alternative === 'less' ? -margin : margin;
  const standardError = Math.sqrt(square);
  const difference = (lift + accepted) * size;
  return Number.isFinite(difference) && Number.isFinite(standardError)
    ? { difference, standardError }
    : undefined;
}

function varianceAt({ variance, reduction = 0 }: Baseline, value: number): number | undefined {
  if (variance !== 'rate') return variance * (1 - reduction);
  if (value < -ROUNDING || value > 1 + ROUNDING) return undefined;
  return Math.max(0, value * (1 - value)) * (1 - reduction);
}
