import type { AnalyzeOptions } from './analyze-options.ts';
import { type Moment, planChecks, type PlanOptions } from './plan/plan-options.ts';

/**
 * Returns the options of the plan.
 *
 * @param present the time of the clock, in milliseconds since 1970
 */
export function planOptionsOf(options: Partial<AnalyzeOptions>, present: number): PlanOptions {
  const given = Object.entries(options).filter(
    ([name, value]) => planChecks.has(name) && value !== undefined,
  );
  const { from, until, now = present } = options;
  return {
    ...Object.fromEntries(given),
    ...(from !== undefined && { from: asMoment(from) }),
    ...(until !== undefined && { until: asMoment(until) }),
    now: Number(now),
  };
}

/** Returns a moment without the class Date. */
export function asMoment(moment: Moment | Date): Moment {
  return moment instanceof Date ? moment.getTime() : moment;
}
