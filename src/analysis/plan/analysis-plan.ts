import type { MetricSpec } from '../../specification/metric-types.ts';

/** The part of a metric in the decision; see `AnalysisSpec`. */
export type MetricRole = 'primary' | 'secondary' | 'guardrail';

/** A metric of an analysis. Its position in {@link AnalysisPlan.metrics}, from 1, names its columns. */
export interface PlannedMetric {
  readonly spec: MetricSpec;
  readonly role: MetricRole;
  /** Of a guardrail only: the largest harm that is accepted, as a share of the control's value. */
  readonly margin?: number;
}

/** An audience of the experiment, for the sample-ratio test. */
export interface PlannedAudience {
  /** Its position in the experiment, from 0, as exposures record it. */
  readonly audience: number;
  /** Absent for the fallback audience. */
  readonly rule?: string;
  /** The percent of each variant; of a variant without buckets: 0. */
  readonly percents: Readonly<Record<string, number>>;
}

/** The treatment of units that saw several variants under one checksum. */
export type MixedUnits = 'drop' | 'first';

/** An analysis with all defaults filled in: everything that SQL and statistics need to know. */
export interface AnalysisPlan {
  /** The name in exposures: `checkout`; in a namespace, `prices.discount`. */
  readonly experiment: string;
  /** The only checksum that is analysed: 16 hexadecimal digits. */
  readonly checksum: string;
  /** The only identity path that is analysed. */
  readonly identity: string;
  /** All that exposures can record, in the order of the specification, at least two. */
  readonly variants: readonly string[];
  /** Those that are compared, the control included; in the same order. The others count in the split only. */
  readonly compared: readonly string[];
  readonly control: string;
  /** Empty if the shares are not known, as for scripts of namespaces. */
  readonly audiences: readonly PlannedAudience[];
  /**
   * True for an experiment of a namespace: its exposures record no audience, and belong to the only audience
   * of the plan, number 0.
   */
  readonly inNamespace?: true;
  /** Primary metrics first, then secondary ones, then guardrails. A metric can be in two roles. */
  readonly metrics: readonly PlannedMetric[];
  /** Records before this time are left out, in milliseconds since 1970; absent: none. */
  readonly from?: number;
  /** Only records before this time count, in milliseconds since 1970. */
  readonly until: number;
  /** Recorded context paths by whose values results are broken down. */
  readonly segments: readonly string[];
  readonly mixed: MixedUnits;
  /** True: only units whose window has ended by `until`. Default: false. */
  readonly mature: boolean;
  /** The length of the period before the exposure whose values reduce the variance; null: not used. */
  readonly preMs: number | null;
  /** Units with more outcomes than this (of any name, until `until`) are left out; absent: none. */
  readonly maxOutcomes?: number;
  /** True: outcomes with the same id count once. Default: true. */
  readonly mergeById: boolean;
  /** True: also cumulative moments at the end of each day, of at most 60 days. */
  readonly timeLine: boolean;
  /** The holdouts that list the experiment. */
  readonly holdouts: readonly string[];
}
