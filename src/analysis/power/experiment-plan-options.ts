import { OptionError } from '../../errors/usage-errors.ts';
import type { MeasuredBaseline } from './measured-baseline.ts';
import type { LookMethod } from './experiment-plan.ts';
import type { TargetOptions } from './plan-target.ts';

/** The metric before the experiment: measured, or given as a rate or as mean and standard deviation. */
export type GivenBaseline =
  | { readonly rate: number }
  | {
      readonly mean: number;
      /** Per unit; of a ratio and a quantile, that of the linear approximation. */
      readonly sd: number;
    };

/** Options of `planExperiment()`. Give `lift`, `units` or `days`; the rest is computed. */
export interface PlanExperimentOptions extends TargetOptions {
  readonly baseline: GivenBaseline | MeasuredBaseline;
  /** The present, at which the experiment starts. @default the clock */
  readonly now?: Date | number;
  /** The true relative lift to detect: 0.05 for 5%, -0.05 for a decrease. @default none; of a guardrail 0 */
  readonly lift?: number;
  /** The number of units of all compared variants together. */
  readonly units?: number;
  /** The days in which units arrive; needs `unitsPerDay`. */
  readonly days?: number;
  /** New units a day in all variants, not visits. @default the measured ones */
  readonly unitsPerDay?: number;
  /** The chance to detect the lift. @default 0.8 */
  readonly power?: number;
  /** @default 0.95 */
  readonly confidence?: number;
  /** The share of the variance that CUPED is expected to remove. @default the measured one, otherwise 0 */
  readonly cuped?: number;
  /** @default 'hybrid' */
  readonly method?: LookMethod;
  /** The comparisons that share the error rate. @default the treatments for a primary metric, otherwise 1 */
  readonly comparisons?: number;
}

/** The most days and units of a plan. */
const MAX_DAYS = 3650;
const MAX_UNITS = 1e12;

/**
 * Checks the numbers of a plan's options.
 *
 * @throws OptionError (`option`) for a number that makes no sense, or if there is nothing to compute from
 */
export function checkExperimentPlanOptions(options: PlanExperimentOptions): void {
  const { baseline, lift, units, days, unitsPerDay, power, confidence, cuped, comparisons } =
    options;
  const { variants } = options;
  if (
    variants !== undefined &&
    !(Array.isArray(variants) && variants.length > 1 && variants.every(isText))
  ) {
    throw new OptionError('variants must be a list of at least two names, the control included');
  }
  if ('rate' in baseline) between('rate', baseline.rate, 0, 1);
  else if ('sd' in baseline) {
    if (!Number.isFinite(baseline.mean) || baseline.mean === 0) {
      throw new OptionError(
        `mean must be a number other than 0, not ${baseline.mean}; a lift is relative to it`,
      );
    }
    between('sd', baseline.sd, 0, Number.POSITIVE_INFINITY);
  }
  if (lift !== undefined && !(Math.abs(lift) <= 1000)) {
    throw new OptionError(`lift must be a share from -1000 to 1000, such as 0.05, not ${lift}`);
  }
  if (units !== undefined && !(Number.isInteger(units) && units >= 4 && units <= MAX_UNITS)) {
    throw new OptionError(`units must be a whole number from 4 to ${MAX_UNITS}, not ${units}`);
  }
  if (days !== undefined && !(days > 0 && days <= MAX_DAYS)) {
    throw new OptionError(`days must be a number above 0, at most ${MAX_DAYS}, not ${days}`);
  }
  if (unitsPerDay !== undefined) between('unitsPerDay', unitsPerDay, 0, MAX_UNITS);
  if (confidence !== undefined) between('confidence', confidence, 0.5, 1);
  if (power !== undefined) between('power', power, 1 - (confidence ?? 0.95), 1);
  if (cuped !== undefined && !(cuped >= 0 && cuped < 1)) {
    throw new OptionError(`cuped must be a share from 0 to less than 1, not ${cuped}`);
  }
  if (comparisons !== undefined && !(Number.isInteger(comparisons) && comparisons > 0)) {
    throw new OptionError(`comparisons must be a whole number above 0, not ${comparisons}`);
  }
}

function between(name: string, value: number, low: number, high: number): void {
  if (value > low && value < high) return;
  const range =
    high === Number.POSITIVE_INFINITY ? `above ${low}` : `above ${low} and below ${high}`;
  throw new OptionError(`${name} must be a number ${range}, not ${value}`);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
