import type { MetricRole } from '../plan/analysis-plan.ts';
import type { MetricType } from '../../specification/metric-types.ts';

/** The version of the format of {@link Result} as JSON. */
export const RESULT_VERSION = 1;

/** A lower and an upper limit; null stands for an open end. */
export type Interval = readonly [low: number | null, high: number | null];

/** The result of an analysis. It holds plain data, so it can be written as JSON. */
export interface Result {
  readonly version: typeof RESULT_VERSION;
  readonly experiment: string;
  readonly description?: string;
  readonly checksum: string;
  readonly identity: string;
  /** The variants that are compared, in the order of the specification. */
  readonly variants: readonly string[];
  readonly control: string;
  readonly period: ResultPeriod;
  /**
   * - `ok`: metrics have verdicts
   * - `split-off`: the sample-ratio test failed; verdicts are withheld
   * - `too-mixed`: too many units saw several variants; verdicts are withheld
   * - `too-few`: a variant has fewer than ten units; verdicts are withheld
   * - `no-data`: there are no units
   */
  readonly status: 'ok' | 'split-off' | 'too-mixed' | 'too-few' | 'no-data';
  /** True if something is missing, such as a shard or the rest of an aborted analysis; see `warnings`. */
  readonly partial: boolean;
  /** One sentence: what was learned, or why nothing was. */
  readonly summary: string;
  readonly look: Look;
  readonly units: ResultUnits;
  readonly split: SplitResult;
  /** Primary metrics first, then secondary ones, then guardrails. */
  readonly metrics: readonly MetricResult[];
  readonly segments: readonly SegmentResult[];
  /** Empty if no time line was asked for. */
  readonly timeLine: readonly TimeLine[];
  /** The records that were left out or noticed, each kind with its count and a sentence. */
  readonly data: readonly DataNote[];
  /** The most important first. */
  readonly warnings: readonly ResultWarning[];
}

/** The time that an analysis covers. All times are ISO 8601 in UTC. */
export interface ResultPeriod {
  /** The first day with an exposure; null without units or if the rows have no time line. */
  readonly from: string | null;
  /** Only records before this moment count. */
  readonly until: string;
  /** The planned end, if there is one. */
  readonly plannedEnd: string | null;
}

/** The kind of interval at this look, and why. */
export interface Look {
  /** `sequential`: valid however often people look. `fixed`: valid once, at the planned end. */
  readonly method: 'sequential' | 'fixed';
  /** The intervals cover the true value with this probability: 0.95. */
  readonly confidence: number;
  /** The error rate of this look: with a planned end, half of 1 − confidence before it and half at it. */
  readonly alpha: number;
  readonly plannedUnits: number | null;
  /** The number of units for which the sequential interval is tightest. */
  readonly tuning: number;
  /** One sentence on the method. */
  readonly text: string;
}

/** The number of units. */
export interface ResultUnits {
  /** The units that are analysed. */
  readonly total: number;
  readonly byVariant: Readonly<Record<string, number>>;
  /** The units that saw several variants, and what happened to them. */
  readonly mixed: number;
  readonly mixedTreatment: 'drop' | 'first';
  /** The units of variants that are not compared, by their first variant. They count in the split only. */
  readonly notCompared: Readonly<Record<string, number>>;
}

/** The sample-ratio test. */
export interface SplitResult {
  /** `off`: p below 0.001. `small`: expected counts are too small to test. `unknown`: no shares to test against. */
  readonly status: 'right' | 'off' | 'small' | 'unknown';
  /** One sentence with the p-value. */
  readonly text: string;
  /** The smallest p-value of the audiences (after Holm's correction) and of their sum. */
  readonly pValue: number | null;
  /** Natural logarithm of `pValue`, for values below 1e-308. */
  readonly lnPValue: number | null;
  readonly audiences: readonly AudienceSplit[];
  /** The audiences' statistics added up. */
  readonly addedUp: SplitTest | null;
  /** All units against the shares of all audiences together; weaker than the tests by audience. */
  readonly overall: SplitTest | null;
  /** The same test with the units that saw several variants, by their first variant. */
  readonly withMixed: SplitTest | null;
}

/** One chi-square test. */
export interface SplitTest {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
  readonly lnPValue: number;
}

/** The split of one audience. */
export interface AudienceSplit {
  readonly audience: number;
  /** Absent for the fallback audience. */
  readonly rule?: string;
  readonly test: SplitTest | null;
  /** After Holm's correction over the audiences. */
  readonly pValueHolm: number | null;
  readonly variants: readonly VariantSplit[];
}

/** The units of one variant of an audience. */
export interface VariantSplit {
  readonly variant: string;
  readonly units: number;
  /** 0 to 1. */
  readonly expectedShare: number;
  readonly share: number;
  /** 95% interval of the share. */
  readonly interval: readonly [number, number];
}

/** The verdict on one comparison. */
export type Verdict =
  /** The interval is on the good side of 0. */
  | 'better'
  /** The interval is on the bad side of 0; of a guardrail, beyond its margin. */
  | 'worse'
  /** Of a guardrail: a harm beyond the margin is excluded. */
  | 'no-harm'
  | 'not-decided'
  /** Not shown, because the split is off, units are mixed, or there are too few. */
  | 'withheld';

/** The result of one metric. */
export interface MetricResult {
  readonly name: string;
  readonly description?: string;
  readonly type: MetricType;
  readonly role: MetricRole;
  /** Of a guardrail: the largest accepted harm, as a share of the control's value. */
  readonly margin: number | null;
  readonly better: 'up' | 'down';
  /** The calculation in words: `share of units with a purchase within 7 days`. */
  readonly definition: string;
  readonly arms: readonly ArmResult[];
  /** Units whose window has not ended. */
  readonly openUnits: number;
  /** Outcomes before the first exposure, and after the window; neither counts. */
  readonly earlyOutcomes: number;
  readonly lateOutcomes: number;
  readonly cap: {
    readonly at: number;
    readonly quantile: number | null;
    readonly units: number;
  } | null;
  /** The use of the values before the exposure (CUPED). */
  readonly cuped: {
    readonly used: boolean;
    /** Why it is used or not. */
    readonly text: string;
    readonly theta: number | null;
  };
  /** One for each variant but the control, in the order of the specification. */
  readonly comparisons: readonly Comparison[];
}

/** The value of a metric in one variant. */
export interface ArmResult {
  readonly variant: string;
  readonly n: number;
  /** The mean, rate, ratio or quantile; null if it is not defined. */
  readonly value: number | null;
  readonly standardError: number | null;
  /** The sum of the values (of a proportion: the number of units), and what it is divided by. */
  readonly numerator: number | null;
  readonly denominator: number | null;
}

/** The status of a figure, as in docs/analysis.md. */
export type FigureStatus =
  | 'ok'
  | 'ok-small-counts'
  | 'ok-baseline-near-zero'
  | 'too-few'
  | 'no-variance'
  | 'no-baseline'
  | 'no-denominator'
  | 'unbounded'
  | 'impossible';

/** An estimate with its interval. */
export interface Effect {
  readonly status: FigureStatus;
  readonly estimate: number | null;
  readonly standardError: number | null;
  readonly interval: Interval | null;
  /** The computation of the interval: `delta`, `fieller`, `newcombe`, `welch`, `quantile`. */
  readonly method: string;
}

/** A treatment compared with the control. */
export interface Comparison {
  readonly variant: string;
  readonly status: FigureStatus;
  /** Treatment − control, in the metric's unit. */
  readonly absolute: Effect;
  /** (Treatment − control) / |control|. */
  readonly relative: Effect;
  /** The same without CUPED; null if CUPED is not used. */
  readonly unadjusted: { readonly absolute: Effect; readonly relative: Effect } | null;
  /**
   * By the method of the look; two-sided. Of a guardrail it is one-sided and against the margin: below α exactly
   * if the shown interval excludes the margin.
   */
  readonly pValue: number | null;
  readonly lnPValue: number | null;
  /** After the correction for several tests; equal to `pValue` for guardrails. */
  readonly pValueAdjusted: number | null;
  readonly correction: 'holm' | 'benjamini-hochberg' | 'none';
  readonly verdict: Verdict;
  /** The verdict in words: `better`, `no harm beyond 1%`, `not decided: 4,200 more units`. */
  readonly verdictText: string;
  /** The further units of all variants after which a difference as large as this would be decided; null if unknown. */
  readonly unitsNeeded: number | null;
  /** A second opinion under a normal prior on the relative difference; it never decides. */
  readonly bayesian: {
    readonly chanceToBeBetter: number;
    /** The expected loss by choosing the treatment, or the control, as a share of the control's value. */
    readonly expectedLossOfTreatment: number;
    readonly expectedLossOfControl: number;
    readonly text: string;
  } | null;
  /** 1 − variance with CUPED / variance without; null without CUPED. */
  readonly varianceReduction: number | null;
}

/** Results for the units with one value of a context path. */
export interface SegmentResult {
  /** The context path: `user.plan`. */
  readonly path: string;
  readonly value: string;
  readonly units: Readonly<Record<string, number>>;
  readonly metrics: readonly MetricResult[];
}

/** The cumulative result of one metric, day by day. */
export interface TimeLine {
  readonly metric: string;
  readonly variant: string;
  readonly points: readonly TimePoint[];
}

/** The result with the records before one moment. Its intervals are sequential. */
export interface TimePoint {
  readonly before: string;
  readonly units: Readonly<Record<string, number>>;
  readonly control: number | null;
  readonly treatment: number | null;
  readonly relative: number | null;
  readonly interval: Interval | null;
}

/** A count from the handling of the records. */
export interface DataNote {
  /** A stable code: `repeated_exposures`. */
  readonly code: string;
  readonly count: number;
  readonly text: string;
}

/** A warning in plain words. */
export interface ResultWarning {
  /** A stable code: `split-off`, `mixed-units`, `window-open`. */
  readonly code: string;
  readonly text: string;
}
