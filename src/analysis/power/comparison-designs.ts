import { detectableLift, detectableMargin } from '../../stats/power/detectable-lift.ts';
import type { Baseline, Design } from '../../stats/power/design.ts';
import { power } from '../../stats/power/power.ts';
import { unitsNeeded } from '../../stats/power/units-needed.ts';
import { DEFAULT_TUNING } from '../../stats/sequential/confidence-sequence.ts';
import type { LookMethod, PlanTest } from './experiment-plan.ts';

/** Everything that determines the power of a plan, but the number of units. */
export interface PlanModel {
  readonly baseline: Baseline;
  readonly control: string;
  readonly shares: ReadonlyMap<string, number>;
  readonly alternative: PlanTest['alternative'];
  readonly better: 'up' | 'down';
  readonly confidence: number;
  readonly comparisons: number;
  readonly targetPower: number;
  /** Of a guardrail only. */
  readonly margin?: number;
}

/**
 * Returns the error rate of one comparison at the deciding look. The hybrid keeps half of it for the end,
 * and Holm's worst case divides it by the number of comparisons.
 */
export function alphaOf(
  { confidence, comparisons }: Pick<PlanModel, 'confidence' | 'comparisons'>,
  method: LookMethod,
): number {
  return (1 - confidence) / comparisons / (method === 'hybrid' ? 2 : 1);
}

/** Returns the power of a plan: that of the treatment with the smallest share. */
export function powerOfPlan(
  model: PlanModel,
  method: LookMethod,
  lift: number,
  units: number,
): number {
  const { design, controlShare } = designOf(model, method);
  return power(design, lift, units * controlShare);
}

/** Returns the units of all variants together for a lift, rounded up; null if no number suffices. */
export function unitsOfPlan(model: PlanModel, method: LookMethod, lift: number): number | null {
  const { design, controlShare } = designOf(model, method);
  const control = unitsNeeded(design, lift, model.targetPower);
  if (control === null) return null;
  // Rounding errors must not add a unit to each arm.
  const total = Math.ceil((control / controlShare) * (1 - 1e-12));
  return Number.isSafeInteger(total) ? total : null;
}

/**
 * Returns the smallest lift that a number of units detects, with the sign of an improvement. Of a guardrail:
 * the smallest harm that they exclude.
 */
export function detectableOfPlan(
  model: PlanModel,
  method: LookMethod,
  lift: number,
  units: number,
): number | null {
  const { design, controlShare } = designOf(model, method);
  const control = units * controlShare;
  const { targetPower, better, margin } = model;
  if (margin !== undefined) return detectableMargin(design, lift, control, targetPower);
  const size = detectableLift(design, control, targetPower, better);
  return size === null || better === 'up' ? size : -size;
}

function designOf(
  model: PlanModel,
  method: LookMethod,
): { readonly design: Design; readonly controlShare: number } {
  const { baseline, control, shares, alternative, margin } = model;
  const controlShare = shares.get(control) ?? 0;
  const others = [...shares].filter(([variant]) => variant !== control);
  const smallest = Math.min(...others.map(([, share]) => share));
  const width =
    method === 'sequential'
      ? ({ method: 'sequential', tuning: DEFAULT_TUNING } as const)
      : ({ method: 'fixed' } as const);
  return {
    controlShare,
    design: {
      baseline,
      treatmentPerControl: smallest / controlShare,
      test: { alternative, alpha: alphaOf(model, method), width },
      ...(margin !== undefined && { margin }),
    },
  };
}
