import { controlOf } from '../../../specification/control.ts';
import { HELD_OUT } from '../../../specification/holdouts.ts';
import type { ExperimentSpec, HoldoutSpec } from '../../../specification/types.ts';
import type { ExperimentSummary, HeldOutSummary } from './summarize-experiment.ts';

/** A holdout with the units that it holds out. */
export interface HeldOutUnits {
  readonly holdout: HoldoutSpec;
  readonly count: number;
  /** The share of all units, [0, 1]. */
  readonly share: number;
}

/** Returns the units that each holdout holds out. */
export function heldOutShares(
  holdouts: readonly HoldoutSpec[],
  summaries: readonly ExperimentSummary[],
  units: number,
): HeldOutUnits[] {
  return holdouts.map((holdout, i) => {
    const variants = summaries[i]?.audiences.flatMap((audience) => audience.variants) ?? [];
    const count = variants.find(({ variant }) => variant === HELD_OUT)?.count ?? 0;
    return { holdout, count, share: units === 0 ? 0 : count / units };
  });
}

/** Returns the units that are held out of an experiment, by holdout. */
export function heldOutOf(
  { name, variants }: ExperimentSpec,
  shares: readonly HeldOutUnits[],
): HeldOutSummary[] {
  return shares.flatMap(({ holdout, count, share }): HeldOutSummary[] =>
    holdout.experiments.includes(name)
      ? [{ holdout: holdout.name, variant: controlOf(variants), count, share }]
      : [],
  );
}
