import { withPresentDigests } from '../checks/declared-uses.ts';
import { formatInstant } from '../instant.ts';
import type { ExperimentSpec, Revision, ScheduleStep, Specification } from '../types.ts';

/**
 * Returns the specification in force at an instant: experiments with a schedule have the audiences of
 * their latest step. Experiments without one, and those before their first step, are shared. Without any
 * schedule, it is the specification itself.
 *
 * @param specification as the file has it
 * @param atMs milliseconds since 1970
 */
export function specificationAt(specification: Specification, atMs: number): Specification {
  if (specification.scheduled !== true) return specification;
  const experiments = specification.experiments.map((spec) => experimentAt(spec, atMs));
  return Object.freeze({
    ...specification,
    experiments: Object.freeze(withPresentDigests(experiments, specification.holdouts ?? [])),
  });
}

/**
 * Returns the experiment in force at an instant.
 *
 * @param spec as the file has it
 * @param atMs milliseconds since 1970
 */
export function experimentAt(spec: ExperimentSpec, atMs: number): ExperimentSpec {
  const step = spec.schedule?.[stepAt(spec, atMs)];
  if (step === undefined) return spec;
  return Object.freeze({ ...spec, audiences: step.audiences, since: step.at });
}

/** The part of an experiment, validated or raw, that its steps are found by. */
interface Scheduled {
  readonly schedule?: readonly { readonly at: string }[] | undefined;
}

/**
 * Returns the position of the step in force at an instant, from 0; -1 before the first step, and without
 * a schedule.
 */
export function stepAt({ schedule = [] }: Scheduled, atMs: number): number {
  return schedule.findLastIndex((step) => instantOf(step) <= atMs);
}

/**
 * Returns the next instant after `atMs` at which a step comes into force, in milliseconds since 1970;
 * undefined if there is none.
 */
export function nextSwitch({ experiments }: Specification, atMs: number): number | undefined {
  let next: number | undefined;
  for (const { schedule } of experiments) {
    const step = schedule?.find((one) => instantOf(one) > atMs);
    if (step === undefined) continue;
    const instant = instantOf(step);
    if (next === undefined || instant < next) next = instant;
  }
  return next;
}

/**
 * Returns the latest instant up to `atMs` at which a step came into force, in milliseconds since 1970;
 * undefined if there is none.
 */
export function latestSwitch({ experiments }: Specification, atMs: number): number | undefined {
  let latest: number | undefined;
  for (const { schedule } of experiments) {
    const step = schedule?.findLast((one) => instantOf(one) <= atMs);
    if (step === undefined) continue;
    const instant = instantOf(step);
    if (latest === undefined || instant > latest) latest = instant;
  }
  return latest;
}

/** Returns all instants at which steps of a specification come into force, in order, without repeats. */
export function switchesOf({ experiments }: Specification): number[] {
  const all = experiments.flatMap(({ schedule = [] }) => schedule.map(instantOf));
  return [...new Set(all)].sort((a, b) => a - b);
}

/** The place of an experiment in its schedule, as ISO 8601. */
export interface SchedulePlace {
  /** The instant of the step in force; absent before the first one. */
  readonly since?: string;
  /** The instant of the next step; absent after the last one. */
  readonly next?: string;
}

/**
 * Returns the place of an experiment in its schedule; undefined without one.
 *
 * @param spec as it is in force
 */
export function placeInSchedule(spec: ExperimentSpec): SchedulePlace | undefined {
  const { schedule, since } = spec;
  if (schedule === undefined) return undefined;
  const [next] = laterSteps(spec);
  return { ...(since !== undefined && { since }), ...(next !== undefined && { next: next.at }) };
}

/**
 * Returns the steps that follow the one in force, in order.
 *
 * @param spec as it is in force
 */
export function laterSteps({ schedule = [], since }: ExperimentSpec): readonly ScheduleStep[] {
  return schedule.slice(schedule.findIndex(({ at }) => at === since) + 1);
}

/**
 * Returns the revision of a specification at an instant: `7` before all steps, and then
 * `7@2026-12-01T09:00:00Z`. So it is the same in each process, also after a restart.
 *
 * @param revision the source's
 */
export function revisionAt(
  specification: Specification,
  atMs: number,
  revision: Revision | undefined,
): Revision | undefined {
  const latest = latestSwitch(specification, atMs);
  return latest === undefined || revision === undefined
    ? revision
    : `${revision}@${formatInstant(latest)}`;
}

function instantOf({ at }: Pick<ScheduleStep, 'at'>): number {
  return Date.parse(at);
}
