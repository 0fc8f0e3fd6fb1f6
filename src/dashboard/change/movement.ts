import type { ExperimentSpec } from '../../specification/types.ts';
import type { Comparison } from '../../workbench/diff/compare-experiment.ts';

/** The moves of one experiment, as `npx evenhand diff --json` has them. */
export interface ExperimentMovement {
  readonly experiment: string;
  /** The changes in a few words each. */
  readonly changes: readonly string[];
  readonly comparison: Comparison;
  /** As they are in force before and after. */
  readonly before: ExperimentSpec;
  readonly after: ExperimentSpec;
}

/** The effect of a change on all experiments. */
export interface ChangeEffect {
  readonly movement: readonly ExperimentMovement[];
  /** The names of experiments that are new, and of those that are gone. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
}
