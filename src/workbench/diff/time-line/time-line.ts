import { formatInstant } from '../../../specification/instant.ts';
import { experimentAt, stepAt, switchesOf } from '../../../specification/schedule/schedule.ts';
import type { ExperimentSpec, Specification } from '../../../specification/types.ts';
import { describeChanges } from '../describe-changes.ts';
import { type MatchedExperiment, matchExperiments } from '../match-experiments.ts';

/**
 * The reason why people may move at an instant. `step`: the new file's schedule changes its audiences.
 * `late`: the new file replaces the old one only after the instant, whose step changes one of them.
 */
export type MomentKind = 'step' | 'late';

/** Two states of an experiment between which people move at an instant of a schedule. */
export interface Moment extends MatchedExperiment {
  /** ISO 8601. */
  readonly at: string;
  readonly kind: MomentKind;
}

/**
 * Lists the moments after `nowMs` at which people may move because of a schedule, in order. Steps that
 * both files have, with the same audiences before and after, are left out.
 *
 * @param before, after as the files have them
 * @param nowMs milliseconds since 1970
 */
export function timeLine(before: Specification, after: Specification, nowMs: number): Moment[] {
  if (before.scheduled !== true && after.scheduled !== true) return [];
  const { matched } = matchExperiments(before.experiments, after.experiments);
  const oldOf = new Map(matched.map((pair) => [pair.after.name, pair.before]));
  const instants = [...new Set([...switchesOf(before), ...switchesOf(after)])]
    .filter((instant) => instant > nowMs)
    .sort((a, b) => a - b);
  return instants.flatMap((instant) =>
    after.experiments.flatMap((spec) => momentsOf(oldOf.get(spec.name), spec, instant)),
  );
}

function momentsOf(
  old: ExperimentSpec | undefined,
  spec: ExperimentSpec,
  instant: number,
): Moment[] {
  const moments: Moment[] = [];
  const at = formatInstant(instant);
  const now = stateAt(spec, instant);
  const oldNow = old && stateAt(old, instant);
  const isStep = switchesAt(spec, instant);
  if (isStep) {
    const was = stateAt(spec, instant - 1);
    const oldWas = old && stateAt(old, instant - 1);
    const isKnown =
      oldNow !== undefined && oldWas !== undefined && isSame(oldWas, was) && isSame(oldNow, now);
    if (!isKnown) moments.push({ at, kind: 'step', before: was, after: now });
  }
  if (old !== undefined && oldNow !== undefined && (isStep || switchesAt(old, instant))) {
    moments.push({ at, kind: 'late', before: oldNow, after: now });
  }
  return moments;
}

function switchesAt(spec: ExperimentSpec, instant: number): boolean {
  return stepAt(spec, instant) !== stepAt(spec, instant - 1);
}

/** Returns an experiment as it is in force at an instant, without its schedule. */
function stateAt(spec: ExperimentSpec, instant: number): ExperimentSpec {
  const { schedule: _schedule, since: _since, ...state } = experimentAt(spec, instant);
  return state;
}

function isSame(one: ExperimentSpec, other: ExperimentSpec): boolean {
  return describeChanges(one, other).length === 0;
}
