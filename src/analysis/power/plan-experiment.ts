import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import type { MetricType } from '../../specification/metric-types.ts';
import type { Baseline } from '../../stats/power/design.ts';
import {
  alphaOf,
  detectableOfPlan,
  type PlanModel,
  powerOfPlan,
  unitsOfPlan,
} from './comparison-designs.ts';
import {
  EXPERIMENT_PLAN_VERSION,
  type ExperimentPlan,
  type LookMethod,
  type MethodPrice,
  type PlanDuration,
  type PlanUnits,
} from './experiment-plan.ts';
import { planCurves } from './plan-curves.ts';
import {
  checkExperimentPlanOptions,
  type PlanExperimentOptions,
} from './experiment-plan-options.ts';
import { notesOf } from './plan-notes.ts';
import { presentOf } from './present.ts';
import { summarizePlan } from './plan-summary.ts';
import { type PlanTarget, planTarget } from './plan-target.ts';

const DAY = 86_400_000;
const METHODS: readonly LookMethod[] = ['fixed', 'hybrid', 'sequential'];

/**
 * Plans the size and duration of an experiment from a baseline. For the units, days or lift that are
 * given, computes the others.
 *
 * @throws AnalysisError (`analysis`) for an unknown experiment or metric
 * @throws OptionError (`option`) for numbers that make no sense, and
 *   if there is nothing to compute from
 */
export function planExperiment(options: PlanExperimentOptions): ExperimentPlan {
  checkExperimentPlanOptions(options);
  const now = presentOf(options);
  const target = planTarget(options, now);
  const { method = 'hybrid' } = options;
  const model = modelOf(options, target);
  const asked = options.lift ?? (target.margin === undefined ? null : 0);
  // JSON has no negative zero.
  const lift = asked === 0 ? 0 : asked;
  const newUnits = options.unitsPerDay ?? measuredUnitsPerDay(options);
  const unitsPerDay = newUnits && newUnits * target.comparedShare;
  const needed = lift === null ? null : unitsOfPlan(model, method, lift);
  const units = unitsFor(options, target, needed, unitsPerDay);
  const total = units?.total ?? null;
  const completeMs = completeAfter(target);
  const priced = METHODS.map((one) => priceOf(model, one, lift, total));
  const single = priced.find((one) => one.method === 'fixed')?.unitsNeeded ?? null;
  const { baseline, better } = model;
  const draft: Omit<ExperimentPlan, 'summary' | 'notes'> = {
    version: EXPERIMENT_PLAN_VERSION,
    experiment: target.experiment,
    metric: {
      name: target.metric?.name ?? (baseline.variance === 'rate' ? 'the rate' : 'the mean'),
      type: typeOf(target, baseline),
      better,
      role: target.role,
      margin: target.margin ?? null,
      completeMs,
    },
    baseline: {
      value: baseline.value,
      deviation: Math.sqrt(varianceOf(baseline)),
      reduction: baseline.reduction ?? 0,
      measured: 'measured' in options.baseline ? options.baseline.measured : null,
    },
    control: target.control,
    shares: Object.fromEntries(target.shares),
    test: {
      method,
      alternative: model.alternative,
      targetPower: model.targetPower,
      confidence: model.confidence,
      comparisons: model.comparisons,
      alpha: alphaOf(model, method),
    },
    lift,
    units,
    unitsNeeded: needed,
    unitsWithoutCuped: withoutCuped(model, method, lift),
    power: lift === null || total === null ? null : powerOfPlan(model, method, lift, total),
    detectableLift: total === null ? null : detectableOfPlan(model, method, lift ?? 0, total),
    duration: durationOf(total, unitsPerDay, completeMs, now),
    methods: priced.map((one) => ({ ...one, extraUnits: extra(one.unitsNeeded, single) })),
    curves: planCurves(model, method, { lift, units: total, unitsPerDay }),
  };
  return {
    ...draft,
    summary: summarizePlan(draft),
    notes: [...target.notes, ...notesOf(draft, target.comparedShare)],
  };
}

function modelOf(options: PlanExperimentOptions, target: PlanTarget): PlanModel {
  const { baseline, cuped, confidence = 0.95, power = 0.8 } = options;
  const better = target.metric?.better ?? 'up';
  const isGuardrail = target.margin !== undefined;
  const treatments = target.shares.size - 1;
  return {
    baseline: baselineOf(baseline, target, cuped),
    control: target.control,
    shares: target.shares,
    better,
    alternative: isGuardrail ? (better === 'up' ? 'greater' : 'less') : 'two-sided',
    confidence,
    comparisons: options.comparisons ?? (target.role === 'primary' ? treatments : 1),
    targetPower: power,
    ...(target.margin !== undefined && { margin: target.margin }),
  };
}

function baselineOf(
  given: PlanExperimentOptions['baseline'],
  { metric }: PlanTarget,
  cuped: number | undefined,
): Baseline {
  const isRate = metric === undefined || isShare(metric.type);
  if ('rate' in given) {
    if (isRate) return { value: given.rate, variance: 'rate', reduction: cuped ?? 0 };
    throw new OptionError(
      `metric ${quote(metric.name)} is a ${metric.type}; give its mean and its standard deviation, not a rate`,
    );
  }
  if ('sd' in given) {
    if (metric !== undefined && isRate) {
      throw new OptionError(
        `metric ${quote(metric.name)} is a ${metric.type}; give its rate, not a mean`,
      );
    }
    return { value: given.mean, variance: given.sd ** 2, reduction: cuped ?? 0 };
  }
  const { value, variance, reduction } = given;
  return { value, variance, reduction: cuped ?? reduction };
}

function isShare(type: MetricType): boolean {
  return type === 'proportion' || type === 'retention';
}

function typeOf({ metric }: PlanTarget, { variance }: Baseline): MetricType {
  return metric?.type ?? (variance === 'rate' ? 'proportion' : 'sum');
}

function varianceOf({ value, variance }: Baseline): number {
  return variance === 'rate' ? value * (1 - value) : variance;
}

function measuredUnitsPerDay({ baseline }: PlanExperimentOptions): number | null {
  return 'unitsPerDay' in baseline && baseline.unitsPerDay > 0 ? baseline.unitsPerDay : null;
}

/** Returns the time until a unit's value is complete; an undeclared metric has none. */
function completeAfter({ metric }: PlanTarget): number | null {
  if (metric === undefined) return 0;
  return metric.windowMs === null ? null : metric.delayMs + metric.windowMs;
}

function unitsFor(
  { units, days, lift }: PlanExperimentOptions,
  { shares, margin }: PlanTarget,
  needed: number | null,
  unitsPerDay: number | null,
): PlanUnits | null {
  if (units !== undefined) return split(units, shares, 'units');
  if (days !== undefined) {
    if (unitsPerDay === null) {
      throw new OptionError('days need unitsPerDay, the number of new units a day');
    }
    return split(Math.floor(days * unitsPerDay), shares, 'days');
  }
  if (lift === undefined && margin === undefined) {
    throw new OptionError('give the lift to detect, the number of units, or the days');
  }
  return needed === null ? null : split(needed, shares, 'lift');
}

function split(
  total: number,
  shares: ReadonlyMap<string, number>,
  from: PlanUnits['from'],
): PlanUnits {
  const arms = [...shares].map(([variant, share]) => [variant, Math.round(total * share)] as const);
  return { total, byVariant: Object.fromEntries(arms), from };
}

function durationOf(
  total: number | null,
  unitsPerDay: number | null,
  completeMs: number | null,
  now: number,
): PlanDuration | null {
  if (total === null || unitsPerDay === null) return null;
  const arrivalDays = Math.ceil((total / unitsPerDay) * (1 - 1e-12));
  const end = now + arrivalDays * DAY + (completeMs ?? 0);
  const midnight = new Date(Math.ceil(end / DAY) * DAY);
  // Beyond the largest date, nobody waits for the end.
  if (Number.isNaN(midnight.getTime()) || midnight.getUTCFullYear() > 9999) return null;
  return {
    unitsPerDay,
    arrivalDays,
    totalDays: arrivalDays + Math.ceil((completeMs ?? 0) / DAY),
    until: midnight.toISOString().replace('.000Z', 'Z'),
  };
}

function priceOf(
  model: PlanModel,
  method: LookMethod,
  lift: number | null,
  units: number | null,
): Omit<MethodPrice, 'extraUnits'> {
  return {
    method,
    unitsNeeded: lift === null ? null : unitsOfPlan(model, method, lift),
    detectableLift: units === null ? null : detectableOfPlan(model, method, lift ?? 0, units),
    power: lift === null || units === null ? null : powerOfPlan(model, method, lift, units),
  };
}

function withoutCuped(model: PlanModel, method: LookMethod, lift: number | null): number | null {
  const { reduction = 0, ...rest } = model.baseline;
  if (lift === null || reduction === 0) return null;
  return unitsOfPlan({ ...model, baseline: rest }, method, lift);
}

function extra(units: number | null, single: number | null): number | null {
  return units === null || single === null ? null : units / single - 1;
}
