import type { Rule } from '../rules/compile.ts';

/** The specification as it is after validation: typed, complete and frozen. */

/** Any value JSON can hold. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

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
  /** Whether the file has it in the shorthand `"name:on"`. */
  readonly shorthand: boolean;
}

/** A whole validated specification. */
export interface Specification {
  /** Where it came from, for messages. */
  readonly origin: string;
  readonly experiments: readonly ExperimentSpec[];
  /** Every rule of the audiences, compiled, by its source: audiences with one rule share it. */
  readonly rules: ReadonlyMap<string, Rule>;
}
