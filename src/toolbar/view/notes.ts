import type { Decision } from '../../assignment/explanation.ts';
import type { CompiledExperiment } from '../../assignment/experiment.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import type { Participant } from '../../assignment/participant.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { Asked } from '../../express/inspection/inspection.ts';
import { NOT_COMPUTED } from '../../express/inspection/quiet-context.ts';
import { HELD_OUT } from '../../specification/holdouts.ts';
import type { SchedulePlace } from '../../specification/schedule/schedule.ts';
import { placeInSchedule } from '../../specification/schedule/schedule.ts';
import { cut, firstLine } from './texts.ts';

/** A decision that was explained quietly, and its request. */
export interface NotedDecision {
  readonly asked: Asked;
  readonly decision: Decision;
  readonly outcome: Outcome | undefined;
  readonly experiment: CompiledExperiment | undefined;
  readonly snapshot: Snapshot;
  readonly participant: Participant;
}

/** The most names that a misspelt one is compared with. */
const MAX_COMPARED = 1000;

/** Returns sentences about a decision, without final full stop. */
export function notesFor(noted: NotedDecision): string[] {
  const { asked, decision, outcome } = noted;
  const { error } = decision;
  return [
    ...meantName(noted),
    // The reason has the error of a decision without a variant.
    ...(error !== undefined && outcome?.variant !== undefined ? [firstLine(error)] : []),
    ...heldOut(noted),
    ...(decision.reason === 'sticky' ? ['the unit keeps its variant; no rule was evaluated'] : []),
    ...skipped(decision),
    ...schedule(noted.experiment),
    ...(decision.contextChanged === true
      ? ['the context changed after the decision; the decision stays the same']
      : []),
    ...(isIncomplete(decision) ? [`some values in its rules were ${NOT_COMPUTED}`] : []),
    ...(asked.exposure === 'without-unit'
      ? ['recorded without the unit, which is missing or would change with the next request']
      : []),
  ];
}

function meantName({ experiment, asked, snapshot }: NotedDecision): string[] {
  if (experiment !== undefined) return [];
  const names = snapshot.experiments.slice(0, MAX_COMPARED).map(({ name }) => name);
  const meant = didYouMean(asked.name, names);
  return meant === undefined ? [] : [cut(`did you mean ${meant}?`)];
}

/** Describes the holdouts that list the experiment and were decided. */
function heldOut({ experiment, snapshot, participant, decision }: NotedDecision): string[] {
  if (experiment === undefined || decision.reason === 'override') return [];
  const holdouts = snapshot.setup.experiments.holdouts?.of(experiment.name) ?? [];
  return holdouts.flatMap((holdout) => {
    const outcome = participant.remembered(holdout);
    if (outcome?.variant === undefined) return [];
    const bucket = outcome.bucket === undefined ? '' : `, bucket ${outcome.bucket}`;
    return outcome.variant === HELD_OUT
      ? [cut(`the holdout ${holdout.name} holds the unit out${bucket}`)]
      : [cut(`the holdout ${holdout.name} does not hold the unit out${bucket}`)];
  });
}

const SKIPPED = {
  none: 'is None',
  missing: 'is missing',
  'no-consent': 'has no consent',
} as const;

function skipped({ identity }: Decision): string[] {
  const paths = identity?.skipped ?? [];
  return paths.map(({ path, reason }) =>
    cut(`${path} ${SKIPPED[reason]}, so the next identity is used`),
  );
}

function schedule(experiment: CompiledExperiment | undefined): string[] {
  const place = experiment && placeInSchedule(experiment.spec);
  return place === undefined ? [] : [describeSchedule(place)];
}

function describeSchedule({ since, next }: SchedulePlace): string {
  const now =
    since === undefined
      ? 'no schedule step is in force yet'
      : `the schedule step of ${since} is in force`;
  return next === undefined
    ? `${now} and is the last one`
    : `${now}; the next step comes at ${next}`;
}

/** Returns true if a rule could not be evaluated again without computing something. */
function isIncomplete({ audiences }: Decision): boolean {
  return audiences.some(({ error }) => error?.includes(NOT_COMPUTED) === true);
}
