import type { ContextType } from '../../rules/types/types.ts';
import type { Side } from '../../json/positions.ts';
import type { RuleDeclarations } from '../../rules/compile/compile.ts';
import type { ExperimentSpec, SegmentSpec } from '../../specification/types.ts';

/** The kinds of warnings; a name never changes its meaning. `docs/cli-reference.md` explains each. */
export type WarningCode =
  | 'analysis-ended'
  | 'analysis-random'
  | 'analysis-unrecorded'
  | 'audience-unreachable'
  | 'duplicate-key'
  | 'expired'
  | 'holdout-identity'
  | 'holdout-unrecorded'
  | 'identity-unreachable'
  | 'input-undeclared'
  | 'in-text'
  | 'misspelt-name'
  | 'rule-constant'
  | 'rule-doubtful'
  | 'rule-fails'
  | 'rule-not-boolean'
  | 'same-seed'
  | 'segment-unused'
  | 'step-past'
  | 'step-unchanged'
  | 'text-order'
  | 'unknown-experiment'
  | 'unquoted-word'
  | 'unused'
  | 'user-unguarded'
  | 'variant-parked'
  | 'variant-unused';

/** A likely mistake in a valid specification. */
export interface Warning {
  readonly code: WarningCode;
  /** JSON Pointer to the place. */
  readonly path: string;
  /** The part of the place that is odd: its value or its key. @default 'value' */
  readonly side?: Side;
  /** The mistake and its remedy. */
  readonly message: string;
}

/** An experiment and its place. */
export interface Entry {
  readonly spec: ExperimentSpec;
  /** JSON Pointer to it. */
  readonly path: string;
}

/** The other inputs of checks, besides the experiments. */
export interface Circumstances {
  /** Today's date in UTC: `2027-03-31`. */
  readonly today: string;
  /** The experiments that the code uses; undefined if the code was not searched. */
  readonly used?: UsedNames | undefined;
  /** The properties that the specification declares in `context`; undefined if it has no `context`. */
  readonly declared?: ReadonlySet<string> | undefined;
  /** The segments of the specification; undefined if it declares none. */
  readonly segments?: readonly SegmentSpec[] | undefined;
  /** The names that its rules can use. */
  readonly declarations?: RuleDeclarations | undefined;
  /** The types of the context; undefined if nothing is known. */
  readonly context?: ContextType | undefined;
}

/** The experiments that a code base uses. */
export interface UsedNames {
  readonly names: ReadonlySet<string>;
  /** The number of places that compute the name, and so may use any experiment. */
  readonly computed: number;
}

/** Looks for one kind of mistake in all experiments. */
export type Check = (entries: readonly Entry[], circumstances: Circumstances) => Warning[];
