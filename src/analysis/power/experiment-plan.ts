import type { MetricType } from '../../specification/metric-types.ts';
import type { MetricRole } from '../plan/analysis-plan.ts';
import type { UnitOrigin } from './baseline-records.ts';

/** The version of the format of {@link ExperimentPlan} as JSON. */
export const EXPERIMENT_PLAN_VERSION = 1;

/**
 * The way that an experiment is looked at.
 *
 * - `hybrid`: the confidence sequence with half of the error rate until the planned end, and a fixed
 *   interval with the other half at the end
 * - `fixed`: one look, at the end
 * - `sequential`: the confidence sequence, without a planned end
 */
export type LookMethod = 'hybrid' | 'fixed' | 'sequential';

/** The size and duration of a planned experiment. It holds plain data, so it can be written as JSON. */
export interface ExperimentPlan {
  readonly version: typeof EXPERIMENT_PLAN_VERSION;
  readonly experiment: string;
  /** One sentence: the units, the days, and what they detect. */
  readonly summary: string;
  readonly metric: PlanMetric;
  readonly baseline: PlanBaseline;
  readonly control: string;
  /** The share of the units that each variant gets, 0 to 1; variants without units are left out. */
  readonly shares: Readonly<Record<string, number>>;
  readonly test: PlanTest;
  /** The true relative lift to detect; null if it was not given. Of a guardrail: 0 unless given. */
  readonly lift: number | null;
  /** The units of the plan: those given, those of the days given, or those needed for the lift. */
  readonly units: PlanUnits | null;
  /** The units needed for the lift; null without a lift, or if no number suffices. */
  readonly unitsNeeded: number | null;
  /** The units that the lift would need without CUPED; null if CUPED is not used. */
  readonly unitsWithoutCuped: number | null;
  /** The chance that the planned units detect the lift; null without a lift. */
  readonly power: number | null;
  /**
   * The smallest lift that the planned units detect, with the sign of an improvement. Of a guardrail: the
   * smallest harm that they exclude. Null if there is none.
   */
  readonly detectableLift: number | null;
  readonly duration: PlanDuration | null;
  /** The same plan by each method, to see the price of looking every day. */
  readonly methods: readonly MethodPrice[];
  readonly curves: PlanCurves;
  /** Remarks on the figures, the most important first. */
  readonly notes: readonly PlanNote[];
}

/** The metric of a plan. */
export interface PlanMetric {
  readonly name: string;
  readonly type: MetricType;
  readonly better: 'up' | 'down';
  readonly role: MetricRole;
  /** Of a guardrail: the largest accepted harm, as a share of the control's value. */
  readonly margin: number | null;
  /** The time after the first exposure until a unit's value is complete, in milliseconds; null: no limit. */
  readonly completeMs: number | null;
}

/** The metric before the experiment. */
export interface PlanBaseline {
  /** The rate, mean, ratio or quantile. */
  readonly value: number;
  /** The standard deviation per unit; of a ratio and a quantile, that of the linear approximation. */
  readonly deviation: number;
  /** The share of the variance that CUPED is expected to remove. */
  readonly reduction: number;
  /** The records that it was measured from; null if it was given. */
  readonly measured: MeasuredPeriod | null;
}

/** The records of a measured baseline. All times are ISO 8601 in UTC. */
export interface MeasuredPeriod {
  readonly units: number;
  /** The units that are new between these two moments were measured. */
  readonly from: string;
  readonly until: string;
  readonly days: number;
  /** The origin of the units: exposures of this experiment, or outcomes alone. */
  readonly origin: UnitOrigin;
}

/** The test that a plan is for. */
export interface PlanTest {
  readonly method: LookMethod;
  readonly alternative: 'two-sided' | 'greater' | 'less';
  /** The chance of a right decision that was asked for, such as 0.8. */
  readonly targetPower: number;
  readonly confidence: number;
  /** The number of comparisons that share the error rate (Holm's worst case). */
  readonly comparisons: number;
  /** The error rate of one comparison at the deciding look. */
  readonly alpha: number;
}

/** A number of units, and their split. */
export interface PlanUnits {
  readonly total: number;
  readonly byVariant: Readonly<Record<string, number>>;
  readonly from: 'units' | 'days' | 'lift';
}

/** The duration of a plan. */
export interface PlanDuration {
  /** New units a day in the compared variants, not visits. */
  readonly unitsPerDay: number;
  /** The days until all units have arrived. */
  readonly arrivalDays: number;
  /** With the time until the last units' values are complete. */
  readonly totalDays: number;
  /** The planned end if the experiment starts at the time of planning: ISO 8601 in UTC, at midnight. */
  readonly until: string;
}

/** A plan by one method. */
export interface MethodPrice {
  readonly method: LookMethod;
  readonly unitsNeeded: number | null;
  /** The further units compared with a single look, as a share: 0.21. */
  readonly extraUnits: number | null;
  readonly detectableLift: number | null;
  readonly power: number | null;
}

/** Curves to draw. Empty if their figures are not known. */
export interface PlanCurves {
  /** Power against the true lift (of a guardrail: the margin) for the planned units. */
  readonly power: readonly { readonly lift: number; readonly power: number }[];
  /** The detectable lift (of a guardrail: the margin) week by week. */
  readonly weeks: readonly {
    readonly weeks: number;
    readonly units: number;
    readonly lift: number | null;
  }[];
}

/** A remark on a plan. */
export interface PlanNote {
  /** A stable code: `equal-shares`. */
  readonly code: string;
  readonly text: string;
}
