import {
  laterSteps,
  placeInSchedule,
  type SchedulePlace,
} from '../specification/schedule/schedule.ts';
import type { ExperimentSpec } from '../specification/types.ts';

/** Describes the place of an experiment in its schedule: `in force since …, until …`. */
export function describePlace({ since, next }: SchedulePlace): string {
  if (since === undefined) return `the first step is at ${next ?? 'no instant'}`;
  return next === undefined
    ? `in force since ${since}, the last step`
    : `in force since ${since}, until ${next}`;
}

/**
 * Describes, for a change to the audiences in force, which step they belong to and whether a later step
 * replaces them. Empty without a schedule.
 *
 * @param spec as it is in force
 */
export function describeReach(spec: ExperimentSpec): string[] {
  const place = placeInSchedule(spec);
  if (place === undefined) return [];
  const lines: string[] = [];
  if (place.since !== undefined) {
    lines.push(`this changes the step at ${place.since}, which is in force`);
  }
  const [next, ...others] = laterSteps(spec);
  if (next !== undefined) {
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    lines.push(
      `the schedule replaces these audiences at ${next.at}${more}; change its later steps too if this ` +
        'change should last',
    );
  }
  return lines;
}
