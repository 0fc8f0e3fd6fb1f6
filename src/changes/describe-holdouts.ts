import { controlOf } from '../specification/control.ts';
import type { ExperimentSpec, HoldoutSpec } from '../specification/types.ts';

/** Describes the participants whom holdouts keep out of an experiment: a line for each holdout. */
export function describeHoldouts(
  { variants }: ExperimentSpec,
  holdouts: readonly HoldoutSpec[],
): string[] {
  return holdouts.map(
    ({ name, percent }) =>
      `${percent}% of all participants get ${controlOf(variants)} anyway: the holdout ${name} holds them out`,
  );
}
