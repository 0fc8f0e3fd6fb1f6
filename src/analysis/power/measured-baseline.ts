import type { Baseline } from '../../stats/power/design.ts';
import type { MeasuredPeriod } from './experiment-plan.ts';

/** A baseline that was measured from records; see `measureBaseline()`. */
export interface MeasuredBaseline {
  readonly measured: MeasuredPeriod;
  /** The value and the variance per unit, without CUPED. */
  readonly value: number;
  readonly variance: Baseline['variance'];
  /** The share of the variance that the values before the exposure explain. */
  readonly reduction: number;
  /** The new units a day, on average. */
  readonly unitsPerDay: number;
}
