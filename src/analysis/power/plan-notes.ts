import type { ExperimentPlan, LookMethod, PlanNote } from './experiment-plan.ts';
import { countText, percentText, countOf } from '../../ui/words.ts';

type Draft = Omit<ExperimentPlan, 'summary' | 'notes'>;

/** An experiment shorter than a week meets only some of the weekdays. */
const WEEK = 7;

/** Fewer units of an arm than this are too few for the normal approximation. */
const FEW_UNITS = 30;

const DAY = 86_400_000;

/**
 * Writes the remarks on a plan, the most important first.
 *
 * @param comparedShare the share of new units that get a compared variant, 0 to 1
 */
export function notesOf(plan: Draft, comparedShare: number): PlanNote[] {
  return [
    ...feasibility(plan),
    ...price(plan),
    ...comparisons(plan),
    ...variance(plan),
    ...duration(plan),
    ...notCompared(plan, comparedShare),
  ];
}

function feasibility({ units, lift, baseline, unitsNeeded, metric, shares }: Draft): PlanNote[] {
  const notes: PlanNote[] = [];
  const isRate = metric.type === 'proportion' || metric.type === 'retention';
  const treated = baseline.value + (lift ?? 0) * Math.abs(baseline.value);
  if (isRate && (treated > 1 || treated < 0)) {
    const text = `a lift of ${percentText(lift ?? 0)} would take the rate to ${percentText(treated)}; choose a smaller lift`;
    notes.push({ code: 'impossible-lift', text });
  } else if (unitsNeeded === null && lift !== null) {
    notes.push({
      code: 'none',
      text: 'no number of units reaches the power; choose another lift or a larger margin',
    });
  }
  const arm = (units?.total ?? Number.POSITIVE_INFINITY) * Math.min(...Object.values(shares));
  if (arm < FEW_UNITS) {
    const text = `a variant gets fewer than ${FEW_UNITS} units, for which the figures are rough`;
    notes.push({ code: 'few-units', text });
  }
  return notes;
}

/** Says what looking every day costs, in further units. */
function price({ methods, test }: Draft): PlanNote[] {
  const of = (method: LookMethod) => methods.find((one) => one.method === method);
  const [single, hybrid, sequential] = [of('fixed'), of('hybrid'), of('sequential')];
  if (single?.unitsNeeded == null || hybrid?.extraUnits == null) return [];
  const daily = `${percentText(round(hybrid.extraUnits))} more units`;
  const without =
    sequential?.extraUnits == null
      ? ''
      : `; without a planned end, ${percentText(round(sequential.extraUnits))} more`;
  const once = `one look at the end needs ${countText(single.unitsNeeded)} units`;
  const texts: Readonly<Record<LookMethod, string>> = {
    hybrid: `${daily} let you look every day (${once})${without}`,
    fixed: `results count only at the end; ${daily} would let you look every day`,
    sequential: `without a planned end the plan needs ${percentText(round(sequential?.extraUnits ?? 0))} more units than one look; with one, ${percentText(round(hybrid.extraUnits))} more let you look every day`,
  };
  return [{ code: 'price', text: texts[test.method] }];
}

function round(share: number): number {
  return Math.round(share * 100) / 100;
}

function comparisons({ test, shares, metric }: Draft): PlanNote[] {
  const notes: PlanNote[] = [];
  if (test.comparisons > 1) {
    const text = `${test.comparisons} comparisons share the error rate; the plan gives each ${percentText(test.alpha)}, Holm's worst case`;
    notes.push({ code: 'comparisons', text });
  }
  const values = Object.values(shares);
  if (Math.max(...values) - Math.min(...values) > 1e-9 && values.length > 2) {
    const text = 'the units are those for the treatment with the smallest share';
    notes.push({ code: 'smallest-share', text });
  }
  if (metric.role === 'secondary') {
    const text = 'the correction for several secondary metrics can need more units';
    notes.push({ code: 'secondary', text });
  }
  return notes;
}

function variance({ baseline, unitsWithoutCuped }: Draft): PlanNote[] {
  if (!(baseline.reduction > 0)) return [];
  const text = `CUPED is expected to remove ${percentText(baseline.reduction)} of the variance`;
  const more =
    unitsWithoutCuped === null
      ? ''
      : `; without it the plan needs ${countText(unitsWithoutCuped)} units`;
  return [{ code: 'cuped', text: text + more }];
}

function duration({ duration: time, metric, baseline, units }: Draft): PlanNote[] {
  const notes: PlanNote[] = [];
  if (time === null) {
    if (units !== null) {
      const text = 'pass the number of new units a day to see how many days the plan takes';
      notes.push({ code: 'no-rate', text });
    }
    return notes;
  }
  if (metric.completeMs === null) {
    const text = 'the metric has no window, so later units have less time; give it a window';
    notes.push({ code: 'no-window', text });
  } else if (metric.completeMs > 0) {
    const days = countOf(Math.ceil(metric.completeMs / DAY), 'day');
    const text = `the planned end is ${days} after the last new unit, when its window has ended`;
    notes.push({ code: 'window', text });
  }
  if (time.arrivalDays < WEEK) {
    const text = 'run at least one full week, so that every weekday counts';
    notes.push({ code: 'short', text });
  }
  const { measured } = baseline;
  if (measured !== null && time.arrivalDays > 2 * measured.days) {
    const text = `fewer new units may arrive later than in the ${countOf(measured.days, 'day')} that were measured`;
    notes.push({ code: 'long', text });
  }
  return notes;
}

/** Says that only a part of the new units is compared. */
function notCompared({ duration: time, shares }: Draft, comparedShare: number): PlanNote[] {
  if (time === null || comparedShare > 1 - 1e-9) return [];
  const text =
    `only ${percentText(comparedShare)} of new units get a variant that is compared ` +
    `(${Object.keys(shares).join(', ')}); the plan counts these units`;
  return [{ code: 'not-compared', text }];
}
