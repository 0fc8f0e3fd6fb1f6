import type { Moments } from '../../stats/moments/moments.ts';

/**
 * The rows that an engine returns for an analysis: one for each group, with these columns:
 *
 * - `kind`: `total`, `audience`, `segment`, `day`, `checksum` or `records`; see below
 * - `name`: of a segment, its context path; of `records`, the cause; otherwise empty
 * - `value`: of a segment, its value; of an audience, its position or `none`; of a day, the moment before
 *   which records count; of a checksum, its last exposure. Times are milliseconds since 1970, or ISO 8601
 * - `variant`: the first variant of the units
 * - `mixed`: 1 for the units that saw several variants, otherwise 0
 * - `units`: the number of units; of `checksum` and `records`, the number of records
 * - for the metric in position 1 (`m2_…` for the next): `m1_n`, the units that count; the means `m1_y`,
 *   `m1_d`, `m1_x`, `m1_w` of the value, the denominator, and both in the period before the exposure; their
 *   variances (`m1_yy`, divisor n − 1) and covariances (`m1_yd`, `m1_yx`, `m1_yw`, `m1_dd`, `m1_dx`, `m1_dw`,
 *   `m1_xx`, `m1_xw`, `m1_ww`); `m1_open`, the units whose window is open; `m1_early` and `m1_late`, the
 *   outcomes before the exposure and after the window; `m1_cap`, `m1_precap` and `m1_capped`, the limits and
 *   the units above; of a quantile `m1_q`, `m1_low`, `m1_high`
 *
 * Columns that a metric does not need are absent. Rows of audiences have no metrics. A quantile of outcomes has
 * as `y` the unit's outcomes up to the quantile, as `d` all of them, and counts only units with outcomes. Quantiles can't be added up: if mixed
 * units are analysed too, the rows with `mixed` 0 have the quantiles of all units, and those with 1 have none.
 */
export interface MomentRows {
  readonly groups: readonly GroupRow[];
  /** The number of exposures of each checksum of the experiment, and the time of the last one. */
  readonly checksums: readonly ChecksumRow[];
  /** Counts of records and units that were left out or noticed, by {@link RecordCause}. */
  readonly records: ReadonlyMap<string, number>;
  /** True if a row `plan` showed that the rows belong to the plan. */
  readonly isOfPlan?: boolean;
}

/** The variables of a metric, in the order of its {@link Moments}; those without values are left out. */
export type Variable = 'y' | 'd' | 'x' | 'w';

/** The causes of `records` rows. Counts are of records unless the name says otherwise. */
export const RECORD_CAUSES = [
  /** Exposures of the experiment, as delivered. */
  'exposures',
  /** Outcomes that some metric counts, of exposed units, as delivered. */
  'outcomes',
  /** Exposures and outcomes that were delivered again with the same id. */
  'repeated_exposures',
  'repeated_outcomes',
  /** Exposures that are left out. */
  'overridden',
  'random',
  'cut',
  'other_checksum',
  'other_identity',
  'undeclared_variant',
  'after_until',
  /** Units that kept an earlier variant; they are analysed, but not tested against the shares. */
  'sticky_units',
  /** Units held out by the holdouts that list the experiment. */
  'held_out_units',
  /** Units whose text looks like a keyed hash. */
  'hashed_units',
  /** Units above the plan's `maxOutcomes`. */
  'bot_units',
  /** The most outcomes of one unit. */
  'most_outcomes',
  /** Outcomes whose value is missing, not a number or not finite; they count as 0. */
  'values_missing',
] as const;

/** A cause of a `records` row. */
export type RecordCause = (typeof RECORD_CAUSES)[number];

/** The moments of one group of units. */
export interface GroupRow {
  readonly kind: 'total' | 'audience' | 'segment' | 'day';
  readonly name: string;
  readonly value: string;
  readonly variant: string;
  readonly mixed: boolean;
  readonly units: number;
  /** In the order of the plan. A metric without values in this group (a quantile on a day) is undefined. */
  readonly metrics: readonly (MetricRow | undefined)[];
}

/** The figures of one metric in one group. */
export interface MetricRow {
  /** The variables that the row has, in the order `y`, `d`, `x`, `w`. */
  readonly variables: readonly Variable[];
  readonly moments: Moments;
  readonly open: number;
  readonly early: number;
  readonly late: number;
  readonly cap?: number;
  readonly preCap?: number;
  readonly capped?: number;
  readonly quantile?: { readonly value: number; readonly low?: number; readonly high?: number };
}

/** The exposures of one checksum. */
export interface ChecksumRow {
  readonly checksum: string;
  readonly exposures: number;
  /** ISO 8601. */
  readonly last: string;
}
