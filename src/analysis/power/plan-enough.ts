import type { ExperimentPlan } from './experiment-plan.ts';

/** Rounding of a power that was solved for. */
const ROUNDING = 1e-9;

/** Reports whether the planned units detect the lift with the chance that was asked for. */
export function isPlanEnough({ units, power, detectableLift, test }: ExperimentPlan): boolean {
  if (units === null) return false;
  return power === null ? detectableLift !== null : power >= test.targetPower - ROUNDING;
}
