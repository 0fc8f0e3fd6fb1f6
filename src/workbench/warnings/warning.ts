import type { Side } from '../../json/positions.ts';
import type { ExperimentSpec } from '../../specification/types.ts';

/** The kinds of warnings; a name never changes its meaning. `docs/cli.md` explains each. */
export type WarningCode =
  | 'audience-unreachable'
  | 'duplicate-key'
  | 'expired'
  | 'rule-constant'
  | 'rule-doubtful'
  | 'rule-fails'
  | 'rule-not-boolean'
  | 'same-seed'
  | 'unused'
  | 'variant-parked'
  | 'variant-unused';

/** Something that a valid specification says and that can hardly be meant. */
export interface Warning {
  readonly code: WarningCode;
  /** JSON Pointer to the place. */
  readonly path: string;
  /** Whether it is about the value there or its key. @default 'value' */
  readonly side?: Side;
  /** What is odd and what to do. */
  readonly message: string;
}

/** An experiment and its place. */
export interface Entry {
  readonly spec: ExperimentSpec;
  /** JSON Pointer to it. */
  readonly path: string;
}

/** What the checks are given beside the experiments. */
export interface Circumstances {
  /** The day it is, in UTC: `2027-03-31`. */
  readonly today: string;
  /** What the code asks for; undefined where nobody has looked. */
  readonly used?: UsedNames | undefined;
}

/** The experiments that a code base asks for. */
export interface UsedNames {
  readonly names: ReadonlySet<string>;
  /** How many places compute the name, and so may ask for any. */
  readonly computed: number;
}

/** Looks for one kind of thing in all experiments. */
export type Check = (entries: readonly Entry[], circumstances: Circumstances) => Warning[];
