import { isDeepStrictEqual } from 'node:util';
import { formatInstant } from '../../../specification/instant.ts';
import { specificationAt, stepAt, switchesOf } from '../../../specification/schedule/schedule.ts';
import type { ExperimentSpec, Specification } from '../../../specification/types.ts';
import { describeChanges } from '../describe-changes.ts';
import { type MatchedExperiment, matchExperiments } from '../match-experiments.ts';

/**
 * The reason why people may move at an instant. `step`: the new file's schedule changes its audiences.
 * `late`: the new file replaces the old one only after the instant, whose step changes one of them.
 */
export type MomentKind = 'step' | 'late';

/** The experiments in force at an instant, by name and without their schedules. */
export interface State {
  readonly atMs: number;
  readonly experiments: ReadonlyMap<string, ExperimentSpec>;
}

/** Two states of an experiment between which people move at an instant of a schedule. */
export interface Moment extends MatchedExperiment {
  /** ISO 8601. */
  readonly at: string;
  readonly kind: MomentKind;
  /** The whole of both states, for experiments that rules ask for. */
  readonly states: { readonly before: State; readonly after: State };
}

/**
 * Lists the moments after `nowMs` at which people may move because of a schedule, in order: those of the
 * experiment's own, and those of the experiments that its rules ask for. Steps that both files have, with
 * the same audiences before and after, are left out.
 *
 * @param before, after as the files have them
 * @param nowMs milliseconds since 1970
 */
export function timeLine(before: Specification, after: Specification, nowMs: number): Moment[] {
  if (before.scheduled !== true && after.scheduled !== true) return [];
  const { matched } = matchExperiments(before.experiments, after.experiments);
  const oldNames = new Map(matched.map((pair) => [pair.after.name, pair.before.name]));
  const instants = [...new Set([...switchesOf(before), ...switchesOf(after)])]
    .filter((instant) => instant > nowMs)
    .sort((a, b) => a - b);
  return instants.flatMap((instant) => {
    const old = switchIn(before, instant);
    const next = switchIn(after, instant);
    return after.experiments.flatMap(({ name }) =>
      momentsOf(oldNames.get(name), name, old, next, instant),
    );
  });
}

/** The states of one file just before an instant and at it. */
interface Switch {
  readonly was: State;
  readonly now: State;
  /** The names of the experiments whose audiences a step replaces. */
  readonly stepping: ReadonlySet<string>;
}

function switchIn(specification: Specification, instant: number): Switch {
  const stepping = specification.experiments.filter(
    (spec) => stepAt(spec, instant) !== stepAt(spec, instant - 1),
  );
  return {
    was: stateAt(specification, instant - 1),
    now: stateAt(specification, instant),
    stepping: new Set(stepping.map(({ name }) => name)),
  };
}

function momentsOf(
  oldName: string | undefined,
  name: string,
  old: Switch,
  next: Switch,
  instant: number,
): Moment[] {
  const at = formatInstant(instant);
  const [was, now] = [next.was.experiments.get(name), next.now.experiments.get(name)];
  if (was === undefined || now === undefined) return [];
  const [oldWas, oldNow] =
    oldName === undefined
      ? []
      : [old.was.experiments.get(oldName), old.now.experiments.get(oldName)];
  const moments: Moment[] = [];
  const isStep = changes(next, was, now);
  if (isStep) {
    const isKnown =
      oldNow !== undefined && oldWas !== undefined && isSame(oldWas, was) && isSame(oldNow, now);
    const states = { before: next.was, after: next.now };
    if (!isKnown) moments.push({ at, kind: 'step', before: was, after: now, states });
  }
  if (oldNow === undefined || oldWas === undefined) return moments;
  if (isStep || changes(old, oldWas, oldNow)) {
    const states = { before: old.now, after: next.now };
    moments.push({ at, kind: 'late', before: oldNow, after: now, states });
  }
  return moments;
}

/** Returns true if a step changes the experiment, or one that its rules ask for. */
function changes({ stepping }: Switch, was: ExperimentSpec, now: ExperimentSpec): boolean {
  return stepping.has(now.name) || !isDeepStrictEqual(was.prerequisites, now.prerequisites);
}

function stateAt(specification: Specification, atMs: number): State {
  const experiments = specificationAt(specification, atMs).experiments.map((spec) => {
    const { schedule: _schedule, since: _since, ...state } = spec;
    return [spec.name, state] as const;
  });
  return { atMs, experiments: new Map(experiments) };
}

function isSame(one: ExperimentSpec, other: ExperimentSpec): boolean {
  return describeChanges(one, other).length === 0;
}
