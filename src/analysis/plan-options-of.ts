import type { AnalyzeOptions } from './analyze-options.ts';
import type { Specification } from '../specification/types.ts';
import { type Moment, momentOf, planChecks, type PlanOptions } from './plan/plan-options.ts';
import { findSubject } from './plan/plan-subject.ts';

/**
 * Returns the options of the plan. Once the planned end has passed, it is the default of `until`: the interval
 * of the last look is valid for one look only.
 *
 * @param present the time of the clock, in milliseconds since 1970
 * @param plannedEnd in milliseconds since 1970
 */
export function planOptionsOf(
  options: Partial<AnalyzeOptions>,
  present: number,
  plannedEnd: number | undefined,
): PlanOptions {
  const given = Object.entries(options).filter(
    ([name, value]) => planChecks.has(name) && value !== undefined,
  );
  const { from, until, now = present } = options;
  return {
    ...Object.fromEntries(given),
    ...(from !== undefined && { from: asMoment(from) }),
    ...(until !== undefined
      ? { until: asMoment(until) }
      : isOver(plannedEnd, Number(now), from) && { until: plannedEnd }),
    now: Number(now),
  };
}

/** Returns a moment without the class Date. */
export function asMoment(moment: Moment | Date): Moment {
  return moment instanceof Date ? moment.getTime() : moment;
}

function isOver(
  plannedEnd: number | undefined,
  now: number,
  from: Moment | Date | undefined,
): plannedEnd is number {
  if (plannedEnd === undefined || plannedEnd >= now) return false;
  return from === undefined || momentOf('from', asMoment(from)) < plannedEnd;
}

/** Returns the planned end in milliseconds since 1970: that of the options, otherwise the declared one. */
export function plannedEndOf(
  specification: Specification,
  { experiment = '', plannedEnd: given }: Partial<AnalyzeOptions>,
): number | undefined {
  const end = given ?? findSubject(specification, experiment).analysis?.until;
  return end === undefined ? undefined : momentOf('plannedEnd', asMoment(end));
}
