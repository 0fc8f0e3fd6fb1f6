import type { FINE_BUCKETS } from '../hash/bucket.ts';
import type { JsonValue } from '../json/value.ts';
import type { HistoryLine } from '../planout/namespaces/history.ts';
import type { Sampling } from '../planout/namespaces/segment-allocations.ts';
import type { Script } from '../planout/script/script.ts';
import type { CompiledRule, RuleDeclarations } from '../rules/compile/compile.ts';
import type { IdentitySpec } from './identity-paths.ts';
import type { AnalysisSpec, MetricSpec } from './metric-types.ts';

/** Types of a validated specification: complete, with all defaults, and frozen. */

/** One treatment of an experiment. */
export interface VariantSpec {
  readonly name: string;
  /** Any JSON value, returned by `participant.value(experiment)`; undefined when absent. */
  readonly value?: JsonValue;
}

/** A variant and the percent of the audience's buckets it takes. */
export interface AllocationSpec {
  readonly variant: string;
  /**
   * 0–100; 0 keeps the variant parked. A whole number, or one with at most two decimals if the experiment
   * has 10,000 buckets.
   */
  readonly percent: number;
}

/** Participants who are treated alike. */
export interface AudienceSpec {
  /** Boolean expression over the context; absent for the fallback audience. */
  readonly rule?: string;
  /** In the order of their bucket ranges. The percents sum to exactly 100. */
  readonly allocations: readonly AllocationSpec[];
}

/** A change of an experiment's audiences at an instant. */
export interface ScheduleStep {
  /** ISO 8601 in UTC: `2026-12-01T09:00:00Z`. */
  readonly at: string;
  /** In force from this instant until the next step. */
  readonly audiences: readonly AudienceSpec[];
}

/**
 * The moment of an exposure: `auto` when the variant is read, `manual` only on `expose()`, `off` never.
 */
export type ExposureMode = 'auto' | 'manual' | 'off';

/** A named test; a switch is one with the variants `on` and `off`. */
export interface ExperimentSpec {
  readonly name: string;
  /**
   * Context path of the value that tells participants apart; or `random` or `anonymous`. A list of two
   * or more paths: the first available one decides.
   */
  readonly identity: IdentitySpec;
  /** The string hashed with the identity. Default: the experiment's name. */
  readonly seed: string;
  /** The number of buckets, if it is not 100. */
  readonly buckets?: typeof FINE_BUCKETS;
  readonly variants: readonly VariantSpec[];
  /** Tried in order. The last one is the fallback audience, which has no rule. */
  readonly audiences: readonly AudienceSpec[];
  /** Later audiences, in the order of their instants; absent if the file has none. */
  readonly schedule?: readonly ScheduleStep[];
  /** The instant of the schedule's step whose audiences these are; absent before the first step. */
  readonly since?: string;
  readonly description?: string;
  readonly owner?: string;
  /** The last planned day, such as `2027-03-31`. It has no effect on assignments. */
  readonly expires?: string;
  /** Default: `auto`, and `off` for a switch. */
  readonly exposure: ExposureMode;
  /** True if participants keep the variant that they first got; absent otherwise. */
  readonly sticky?: true;
  /** True when the file uses the shorthand `"name:on"` or `"name:off"`. */
  readonly shorthand: boolean;
  /** The segments that its rules use, directly or through others; absent if they use none. */
  readonly segments?: readonly Pick<SegmentSpec, 'name' | 'rule'>[];
  /** The experiments that its rules ask for, directly or through segments; absent if there are none. */
  readonly prerequisites?: readonly PrerequisiteSpec[];
  /** The metrics that decide the experiment; absent if the file declares none. It has no effect on assignments. */
  readonly analysis?: AnalysisSpec;
}

/** A named rule that other rules use as `segments.NAME`. */
export interface SegmentSpec {
  readonly name: string;
  /** Boolean expression over the context. */
  readonly rule: string;
  readonly description?: string;
  readonly owner?: string;
}

/** An experiment that another experiment's rules ask for. */
export interface PrerequisiteSpec {
  readonly name: string;
  /** Changes whenever the assignments of the experiment may have changed: 16 hexadecimal digits. */
  readonly digest: string;
}

/**
 * A share of the participants who get the control of each listed experiment, to measure the effect of all
 * of them together.
 */
export interface HoldoutSpec {
  readonly name: string;
  /**
   * Context path of the value that tells participants apart; or `anonymous`; or a list of these, whose
   * first available one decides.
   */
  readonly identity: IdentitySpec;
  /** The string hashed with the identity. Default: the holdout's name. */
  readonly seed: string;
  /**
   * The percent of the participants who are held out, 0–100: a whole number, or one with at most two
   * decimals if the holdout has 10,000 buckets.
   */
  readonly percent: number;
  /** The number of buckets, if it is not 100. */
  readonly buckets?: typeof FINE_BUCKETS;
  /** The names of the experiments, at least one. */
  readonly experiments: readonly string[];
  readonly description?: string;
  readonly owner?: string;
  /** The last planned day, such as `2027-03-31`. It has no effect on assignments. */
  readonly expires?: string;
  /** The metrics that are compared between held-out and other participants; absent if there are none. */
  readonly analysis?: AnalysisSpec;
}

/** One treatment of an experiment in a namespace. */
export interface NamespaceVariantSpec {
  readonly name: string;
  /** The share of the units relative to the other weights, 0 or more. Default: 1. */
  readonly weight: number;
  /** The parameters that the variant sets. */
  readonly values: Readonly<Record<string, JsonValue>>;
}

/** An experiment of a namespace. It sets the parameters of units by a script or by variants. */
export interface NamespaceExperimentSpec {
  /** The name that the lines of the history refer to. */
  readonly name: string;
  /** The compiled script; absent when the experiment has variants. */
  readonly script?: Script;
  /** Absent when the experiment has a script. */
  readonly variants?: readonly NamespaceVariantSpec[];
  readonly description?: string;
  /** The metrics that decide the experiment; absent if there are none. It has no effect on assignments. */
  readonly analysis?: AnalysisSpec;
}

/** Experiments that share units. Each unit is in at most one of the experiments. */
export interface NamespaceSpec {
  readonly name: string;
  /** The context paths whose values form the unit, in this order. */
  readonly unit: readonly string[];
  /** The number of segments. Default: 10,000. */
  readonly segments: number;
  /** The operator that draws the segments of an added experiment. Default: `full`. */
  readonly sampling: Sampling;
  /** Context paths by the name that scripts use for them. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Values of parameters that a unit's experiment does not set. */
  readonly defaults: Readonly<Record<string, JsonValue>>;
  readonly experiments: readonly NamespaceExperimentSpec[];
  /** The additions and removals of experiments, in order. Any change but appending moves units. */
  readonly history: readonly HistoryLine[];
  /** Default: `auto`. */
  readonly exposure: ExposureMode;
  readonly description?: string;
  readonly owner?: string;
}

/**
 * The identifier of one state of a specification. A number grows with each change, so an older state
 * can be refused. A text (a content hash, an `ETag`) only tells states apart.
 */
export type Revision = string | number;

/** Returns the compiled rules that an experiment uses, by their source. */
export type RulesOf = (experiment: string) => ReadonlyMap<string, CompiledRule>;

/** A whole validated specification. */
export interface Specification {
  /** The file, address or name of its origin, for messages. */
  readonly origin: string;
  readonly experiments: readonly ExperimentSpec[];
  /**
   * Returns the compiled rules of an experiment's text by their source. Audiences with the same rule
   * share one. Texts have their own, because their declarations can give a rule another meaning.
   */
  readonly rulesOf: RulesOf;
  readonly namespaces: readonly NamespaceSpec[];
  /** The segments of all texts; absent if no text declares any. */
  readonly segments?: readonly SegmentSpec[];
  /** The names that the rules of the text can use; absent for several texts, and without such names. */
  readonly declarations?: RuleDeclarations;
  /** Absent if there are none. */
  readonly holdouts?: readonly HoldoutSpec[];
  /** The metrics that analyses compute from outcomes; absent if there are none. */
  readonly metrics?: readonly MetricSpec[];
  /** True if each text of the specification declares its context, and its rules are checked. */
  readonly declaresContext?: boolean;
  /** True if an experiment has a schedule; otherwise absent. */
  readonly scheduled?: true;
  /** Likely mistakes in the text, each with its place; absent if there are none. */
  readonly warnings?: readonly string[];
}
