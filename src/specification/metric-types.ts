/** Types of validated metrics and of an experiment's analysis: complete, with all defaults, and frozen. */

/** The calculation of a metric; see {@link MetricSpec}. */
export type MetricType =
  'proportion' | 'count' | 'sum' | 'mean' | 'ratio' | 'quantile' | 'retention';

/** Outcomes, and the number that is taken from each of them. */
export interface OutcomePart {
  /** The names of the outcomes, at least one. */
  readonly outcomes: readonly string[];
  /** Path of a number in the outcome's properties, such as `value` or `order.total`; absent for counting. */
  readonly value?: string;
  /** A rule over the outcome's properties; outcomes for which it is false do not count. Default: none. */
  readonly where?: string;
}

/** A limit above which the value of a unit is set to the limit (winsorising). */
export type CapSpec =
  /** The quantile of the values of the units of all variants, as a share between 0 and 1. */
  | { readonly quantile: number; readonly ignoreZeros: boolean }
  /** A fixed limit. */
  | { readonly at: number };

/**
 * A number that is computed for each unit from its outcomes, and compared between variants.
 *
 * - `proportion`: 1 if the unit has such an outcome, otherwise 0
 * - `retention`: the same, after `delayMs`
 * - `count`: the number of outcomes
 * - `sum`: the sum of their values
 * - `mean`: the sum of the values of all units, divided by the number of their outcomes
 * - `ratio`: the sum of the numerators of all units, divided by the sum of their denominators
 * - `quantile`: the value that a given share of the outcomes (or of the units) does not exceed
 */
export interface MetricSpec extends OutcomePart {
  readonly name: string;
  readonly type: MetricType;
  /** Outcomes count from this time after the first exposure on, in milliseconds. Default: 0. */
  readonly delayMs: number;
  /**
   * Outcomes count for this time after the first exposure and the delay, in milliseconds; null: until the
   * end of the analysis. Default: 7 days.
   */
  readonly windowMs: number | null;
  /** Default: the 99.9% quantile for `count` and `sum`; none for the other types. */
  readonly cap: CapSpec | null;
  /** The direction of an improvement. Default: `up`. */
  readonly better: 'up' | 'down';
  /** Of a `ratio` only; `outcomes` then lists those of both parts. */
  readonly numerator?: OutcomePart;
  /** Of a `ratio` only. */
  readonly denominator?: OutcomePart;
  /** Of a `quantile` only: the share, between 0 and 1. */
  readonly quantile?: number;
  /** Of a `quantile` only: the values of outcomes, or the sums of units. Default: `outcomes`. */
  readonly of?: 'outcomes' | 'units';
  /** Of a `quantile` of units only: leave out units without a value. Default: false. */
  readonly ignoreZeros?: boolean;
  readonly description?: string;
  readonly owner?: string;
}

/** A metric that must not get worse by more than its margin. */
export interface GuardrailSpec {
  readonly metric: string;
  /** The largest harm that is accepted, as a share of the control's value. Default: 0.01. */
  readonly margin: number;
}

/** The declared analysis of an experiment. It has no effect on assignments. */
export interface AnalysisSpec {
  /** The variant that the others are compared with. Default: see `controlOf()`. */
  readonly control?: string;
  /** The variants that are compared, the control included. Default: see `comparedVariants()`. */
  readonly variants?: readonly string[];
  /** The metrics that decide. */
  readonly primary: readonly string[];
  /** Further metrics of interest. */
  readonly secondary: readonly string[];
  readonly guardrails: readonly GuardrailSpec[];
  /** The number of units of all variants together after which the experiment is decided. */
  readonly plannedUnits?: number;
  /** The planned end: ISO 8601 in UTC, as `2027-02-01T00:00:00Z`. */
  readonly until?: string;
  /** Recorded context paths, such as `user.plan`, by whose values results are broken down. */
  readonly segments: readonly string[];
}
