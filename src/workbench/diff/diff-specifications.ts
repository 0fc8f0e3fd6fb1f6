import type { Snapshot } from '../../assignment/snapshot.ts';
import { holdoutsOf } from '../../specification/holdouts.ts';
import type { Control } from '../simulate/count/count-units.ts';
import { type Comparison, compareExperiment, type CompareOptions } from './compare-experiment.ts';
import {
  type ContextMovement,
  type CountedComparison,
  type CountedMoves,
  countMoves,
  type PrepareBoth,
} from './count-moves.ts';
import { describeChanges } from './describe-changes.ts';
import { describeHoldouts, holdoutChanges, type HoldoutDiff } from './holdouts/holdout-changes.ts';
import { metricChanges } from './metrics/metric-changes.ts';
import { optionalChanges } from './optional-changes.ts';
import { type MatchedExperiment, matchExperiments } from './match-experiments.ts';
import { type NamespaceDiff, namespaceChanges } from './namespace-changes.ts';
import { suggest, type Suggestion } from './suggest-allocations.ts';
import { presentOf, statesOf } from './time-line/deciding-states.ts';
import type { Moment } from './time-line/time-line.ts';

/** The effect of the change to one experiment. */
export interface ExperimentDiff {
  /** The name in the new file. */
  readonly name: string;
  /** The changes in words. */
  readonly changes: readonly string[];
  readonly comparison: Comparison;
  /** The movement of real contexts, if there are any. */
  readonly contexts?: ContextMovement;
  /** True if someone moves between shown variants. */
  readonly harmful: boolean;
  /** Present if only its holdouts have changed. */
  readonly onlyHoldouts?: true;
  /** A way to write the change with less harm or fewer moves; absent if there is none. */
  readonly suggestion?: Suggestion;
  /** The moment of a schedule at which people move; absent for moves at the deployment. */
  readonly moment?: Pick<Moment, 'at' | 'kind'>;
}

/** The effect of a change to the specification. */
export interface SpecificationDiff {
  /** The changed experiments, in the order of the new file. */
  readonly changed: readonly ExperimentDiff[];
  /** The moves at later instants of schedules, in order; absent if there are none. */
  readonly timeLine?: readonly ExperimentDiff[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The number of experiments that are equal in both files. */
  readonly unchanged: number;
  readonly namespaces: readonly NamespaceDiff[];
  /** The number of namespaces that are equal in both files. */
  readonly unchangedNamespaces: number;
  /** The changed holdouts; their effect is part of each experiment's. Absent if there are none. */
  readonly holdouts?: readonly HoldoutDiff[];
  /** The changes of metrics and analyses, as sentences; they move no one. Absent if there are none. */
  readonly analyses?: readonly string[];
  /** The totals of a file of contexts; absent without one. */
  readonly counted?: Omit<CountedMoves, 'movements'>;
}

/** Real contexts, and the control that can stop reading them. */
export interface DiffContexts {
  readonly chunks: AsyncIterable<Uint8Array | string>;
  readonly control: Control;
  /** Make contexts from JSON like those of the application, by the declared context of each file. */
  readonly prepare?: PrepareBoth;
  /** The instant that rules read as `now`, but for later moments. @default the present */
  readonly now?: Date;
}

/**
 * Computes who moves where when one specification replaces another.
 *
 * @param moments the later moments at which people may move because of schedules; see `timeLine`
 */
export async function diffSpecifications(
  before: Snapshot,
  after: Snapshot,
  { units, parked }: Omit<CompareOptions, 'rules'>,
  contexts?: DiffContexts,
  moments: readonly Moment[] = [],
): Promise<SpecificationDiff> {
  const view = { units, parked };
  const { matched, added, removed } = matchExperiments(before.experiments, after.experiments);
  const changed = matched.flatMap((pair) => compared(pair, { before, after }, view));
  const timed: Compared[] = [];
  const present = {
    before: presentOf(before, contexts?.now),
    after: presentOf(after, contexts?.now),
  };
  const questions = changed.map(({ comparison }): CountedComparison => ({
    comparison,
    ...present,
  }));
  const stateOf = statesOf();
  for (const { at, kind, states, ...pair } of moments) {
    // A step of the new file is a change from the new file to itself.
    const old = kind === 'step' ? after : before;
    for (const one of compared(pair, { before: old, after }, view)) {
      timed.push({ ...one, moment: { at, kind } });
      questions.push({
        comparison: one.comparison,
        before: stateOf(old, states.before, states.after.atMs),
        after: stateOf(after, states.after, states.after.atMs),
      });
    }
  }
  const counted =
    contexts === undefined
      ? undefined
      : await countMoves(questions, contexts.chunks, parked, contexts.control, contexts.prepare);
  const namespaces = namespaceChanges(before, after);
  const holdouts = holdoutChanges({ before: before.holdouts, after: after.holdouts });
  const analyses = metricChanges(before, after);
  const known = new Set(before.namespaces.map(({ name }) => name));
  const told = new Set(namespaces.map(({ name }) => name));
  return {
    changed: changed.map((one, i) => judged(one, counted?.movements[i])),
    ...(timed.length > 0 && {
      timeLine: timed.map((one, i) => judged(one, counted?.movements[changed.length + i])),
    }),
    added,
    removed,
    unchanged: matched.length - changed.length,
    namespaces,
    unchangedNamespaces: after.namespaces.filter(({ name }) => known.has(name) && !told.has(name))
      .length,
    ...(holdouts.length > 0 && { holdouts }),
    ...(analyses.length > 0 && { analyses }),
    ...(counted !== undefined && {
      counted: {
        units: counted.units,
        brokenLines: counted.brokenLines,
        brokenLineCount: counted.brokenLineCount,
        partial: counted.partial,
      },
    }),
  };
}

/** An experiment that differs, before real contexts are counted. */
type Compared = Pick<ExperimentDiff, 'name' | 'changes' | 'comparison' | 'moment'> & {
  readonly suggestion: Suggestion | undefined;
  readonly onlyHoldouts: boolean;
};

/** Compares two states of an experiment; returns nothing if they decide alike. */
function compared(
  pair: MatchedExperiment,
  { before, after }: { readonly before: Snapshot; readonly after: Snapshot },
  view: Pick<CompareOptions, 'units' | 'parked'>,
): Compared[] {
  const options: CompareOptions = {
    ...view,
    rules: { before: (name) => before.rulesOf(name), after: (name) => after.rulesOf(name) },
    holdouts: (old, next) => ({
      before: holdoutsOf(before, old.name),
      after: holdoutsOf(after, next.name),
    }),
  };
  const own = [
    ...describeChanges(pair.before, pair.after),
    ...optionalChanges(
      { spec: pair.before, rules: before.rulesOf(pair.before.name) },
      { spec: pair.after, rules: after.rulesOf(pair.after.name) },
    ),
  ];
  const held = describeHoldouts({
    before: holdoutsOf(before, pair.before.name),
    after: holdoutsOf(after, pair.after.name),
  });
  const changes = held === undefined ? own : [...own, held];
  if (changes.length === 0) return [];
  const comparison = compareExperiment(pair.before, pair.after, options);
  // Other allocations can't undo the effect of a holdout.
  const moves = own.length > 0 && comparison.harm + comparison.moved > 0;
  const suggestion = moves ? suggest(comparison, options) : undefined;
  const onlyHoldouts = own.length === 0;
  return [{ name: pair.after.name, changes, comparison, suggestion, onlyHoldouts }];
}

function judged(
  { suggestion, onlyHoldouts, ...one }: Compared,
  seen: ContextMovement | undefined,
): ExperimentDiff {
  const harmful = isHarmful(one.comparison, seen);
  // Against a step of the old file, another plan is no advice.
  const advises = one.moment?.kind !== 'late' && (harmful || one.comparison.harm === 0);
  return {
    ...one,
    ...(seen !== undefined && { contexts: seen }),
    harmful,
    ...(onlyHoldouts && { onlyHoldouts }),
    ...(advises && suggestion !== undefined && { suggestion }),
  };
}

/** Returns true if a script should stop. */
export function isHarmfulDiff({ changed, timeLine = [], namespaces }: SpecificationDiff): boolean {
  return [...changed, ...timeLine, ...namespaces].some(({ harmful }) => harmful);
}

/**
 * Returns true if someone moves between shown variants. If everyone stays in one audience, the shares
 * are certain. If rules or a list of identities have changed, the shares are only possible, and real
 * contexts take precedence.
 */
function isHarmful(comparison: Comparison, seen: ContextMovement | undefined): boolean {
  const { sameRules, identityMove, worst } = comparison;
  const isCertain = sameRules && identityMove === undefined;
  return seen === undefined || isCertain ? worst > 0 : seen.harmful > 0;
}
