import type { JsonValue } from '../json/value.ts';
import type { HistoryLine } from '../planout/namespaces/history.ts';
import type { Script } from '../planout/script/script.ts';
import type { CompiledRule } from '../rules/compile/compile.ts';

/** The specification as it is after validation: typed, complete and frozen. */

/** One treatment of an experiment. */
export interface VariantSpec {
  readonly name: string;
  /** What `participant.value(experiment)` gives for this variant: any JSON; absent: undefined. */
  readonly value?: JsonValue;
}

/** A variant and the percent of the audience's 100 buckets it takes. */
export interface AllocationSpec {
  readonly variant: string;
  /** Whole number, 0–100; 0 keeps the variant parked. */
  readonly percent: number;
}

/** Participants treated alike. */
export interface AudienceSpec {
  /** Boolean expression over the context; absent for the fallback audience. */
  readonly rule?: string;
  /** In order of their bucket ranges; the percents add up to exactly 100. */
  readonly allocations: readonly AllocationSpec[];
}

/**
 * When a variant that was read becomes an exposure: by itself, by `expose()` only, or never.
 */
export type ExposureMode = 'auto' | 'manual' | 'off';

/** A named test; a switch is one with the variants `on` and `off`. */
export interface ExperimentSpec {
  readonly name: string;
  /** Context path whose value tells participants apart, `random` or `anonymous`. */
  readonly identity: string;
  /** Hashed with the identity; the experiment's name where the file gives none. */
  readonly seed: string;
  readonly variants: readonly VariantSpec[];
  /** Tried in order; the last is the fallback audience, without a rule. */
  readonly audiences: readonly AudienceSpec[];
  readonly description?: string;
  readonly owner?: string;
  /** The last day it is meant to run, as `2027-03-31`; of no effect on assignments. */
  readonly expires?: string;
  /** `auto` where the file gives none, and `off` for a switch. */
  readonly exposure: ExposureMode;
  /** Whether the file has it in the shorthand `"name:on"`. */
  readonly shorthand: boolean;
}

/** One treatment of an experiment in a namespace. */
export interface NamespaceVariantSpec {
  readonly name: string;
  /** From 0; only the proportions matter. 1 where the file gives none. */
  readonly weight: number;
  /** The parameters it sets. */
  readonly values: Readonly<Record<string, JsonValue>>;
}

/** How an experiment of a namespace gives units their parameters: by a script or by variants. */
export interface NamespaceExperimentSpec {
  /** What the lines of the history call it. */
  readonly name: string;
  /** Ready to run; absent with variants. */
  readonly script?: Script;
  /** Absent with a script. */
  readonly variants?: readonly NamespaceVariantSpec[];
  readonly description?: string;
}

/** Experiments that share units, of which each is in one experiment at most. */
export interface NamespaceSpec {
  readonly name: string;
  /** The context paths whose values make the unit; their order matters. */
  readonly unit: readonly string[];
  /** How many segments the units are dealt to; 10,000 where the file gives none. */
  readonly segments: number;
  /** Names that scripts read, and the context paths they stand for. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Parameters of units whose experiment gives none. */
  readonly defaults: Readonly<Record<string, JsonValue>>;
  readonly experiments: readonly NamespaceExperimentSpec[];
  /** What was done, in order. Lines are appended only, or units move. */
  readonly history: readonly HistoryLine[];
  /** `auto` where the file gives none. */
  readonly exposure: ExposureMode;
  readonly description?: string;
  readonly owner?: string;
}

/**
 * Tells one state of a specification from another. A number grows with each change, so that an older
 * state can be refused; a text (a content hash, an `ETag`) only tells states apart.
 */
export type Revision = string | number;

/** A whole validated specification. */
export interface Specification {
  /** Where it came from, for messages. */
  readonly origin: string;
  readonly experiments: readonly ExperimentSpec[];
  /** Every rule of the audiences, compiled, by its source: audiences with one rule share it. */
  readonly rules: ReadonlyMap<string, CompiledRule>;
  readonly namespaces: readonly NamespaceSpec[];
}
