import { detectableOfPlan, type PlanModel, powerOfPlan } from './comparison-designs.ts';
import type { LookMethod, PlanCurves } from './experiment-plan.ts';

/** The points of the power curve, without its start. */
const POINTS = 40;

/** The most and the fewest weeks that are drawn. */
const MAX_WEEKS = 26;
const MIN_WEEKS = 6;

/** The figures of a plan that its curves are drawn around. */
export interface CurveRange {
  readonly lift: number | null;
  readonly units: number | null;
  readonly unitsPerDay: number | null;
}

/** Computes the power for other lifts, and the detectable lift week by week. */
export function planCurves(
  model: PlanModel,
  method: LookMethod,
  { lift, units, unitsPerDay }: CurveRange,
): PlanCurves {
  const curve = units === null ? [] : powerCurve(model, method, lift ?? 0, units);
  if (unitsPerDay === null) return { power: curve, weeks: [] };
  const planned = units === null ? MAX_WEEKS : Math.ceil(units / unitsPerDay / 7);
  const count = Math.min(MAX_WEEKS, Math.max(MIN_WEEKS, planned + 4));
  const weeks = Array.from({ length: count }, (_, i) => {
    const sum = Math.round((i + 1) * 7 * unitsPerDay);
    const found = sum < 1 ? null : detectableOfPlan(model, method, lift ?? 0, sum);
    return { weeks: i + 1, units: sum, lift: found };
  });
  return { power: curve, weeks };
}

/** Computes the power from no lift to twice the detectable one; of a guardrail, for other margins. */
function powerCurve(
  model: PlanModel,
  method: LookMethod,
  lift: number,
  units: number,
): PlanCurves['power'] {
  const detectable = detectableOfPlan(model, method, lift, units);
  if (detectable === null) return [];
  const isRate = model.baseline.variance === 'rate';
  const limit = isRate && detectable > 0 ? 1 / model.baseline.value - 1 : Number.POSITIVE_INFINITY;
  const end = model.margin === undefined ? Math.min(2 * detectable, limit) : 2 * detectable;
  const last = isRate && model.margin === undefined ? Math.max(end, -1) : end;
  return Array.from({ length: POINTS + 1 }, (_, i) => {
    const at = (last * i) / POINTS;
    const reached =
      model.margin === undefined
        ? powerOfPlan(model, method, at, units)
        : powerOfPlan({ ...model, margin: at }, method, lift, units);
    return { lift: at, power: reached };
  });
}
