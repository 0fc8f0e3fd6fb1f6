import type { Snapshot } from '../../assignment/snapshot.ts';
import { holdoutsOf } from '../../specification/holdouts.ts';
import type { LookUp } from '../simulate/plan/assigners.ts';
import type { Control } from '../simulate/count/count-units.ts';
import { type Comparison, compareExperiment, type CompareOptions } from './compare-experiment.ts';
import {
  type ContextMovement,
  type CountedMoves,
  countMoves,
  type PrepareBoth,
} from './count-moves.ts';
import { describeChanges } from './describe-changes.ts';
import { describeHoldouts, holdoutChanges, type HoldoutDiff } from './holdouts/holdout-changes.ts';
import { optionalChanges } from './optional-changes.ts';
import { matchExperiments } from './match-experiments.ts';
import { type NamespaceDiff, namespaceChanges } from './namespace-changes.ts';
import { suggest, type Suggestion } from './suggest-allocations.ts';

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
}

/** The effect of a change to the specification. */
export interface SpecificationDiff {
  /** The changed experiments, in the order of the new file. */
  readonly changed: readonly ExperimentDiff[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** The number of experiments that are equal in both files. */
  readonly unchanged: number;
  readonly namespaces: readonly NamespaceDiff[];
  /** The number of namespaces that are equal in both files. */
  readonly unchangedNamespaces: number;
  /** The changed holdouts; their effect is part of each experiment's. Absent if there are none. */
  readonly holdouts?: readonly HoldoutDiff[];
  /** The totals of a file of contexts; absent without one. */
  readonly counted?: Omit<CountedMoves, 'movements'>;
}

/** Real contexts, and the control that can stop reading them. */
export interface DiffContexts {
  readonly chunks: AsyncIterable<Uint8Array | string>;
  readonly control: Control;
  /** Make contexts from JSON like those of the application, by the declared context of each file. */
  readonly prepare?: PrepareBoth;
}

/** Computes who moves where when one specification replaces another. */
export async function diffSpecifications(
  before: Snapshot,
  after: Snapshot,
  { units, parked }: Omit<CompareOptions, 'rules'>,
  contexts?: DiffContexts,
): Promise<SpecificationDiff> {
  const options: CompareOptions = {
    units,
    parked,
    rules: { before: (name) => before.rulesOf(name), after: (name) => after.rulesOf(name) },
    holdouts: (old, next) => ({
      before: holdoutsOf(before, old.name),
      after: holdoutsOf(after, next.name),
    }),
  };
  const { matched, added, removed } = matchExperiments(before.experiments, after.experiments);
  const changed = matched.flatMap((pair) => {
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
  });
  const counted =
    contexts === undefined
      ? undefined
      : await countMoves(
          changed.map(({ comparison }) => comparison),
          { before: lookUpIn(before), after: lookUpIn(after) },
          contexts.chunks,
          parked,
          contexts.control,
          contexts.prepare,
        );
  const namespaces = namespaceChanges(before, after);
  const holdouts = holdoutChanges({ before: before.holdouts, after: after.holdouts });
  const known = new Set(before.namespaces.map(({ name }) => name));
  const told = new Set(namespaces.map(({ name }) => name));
  return {
    changed: changed.map(({ suggestion, onlyHoldouts, ...one }, i): ExperimentDiff => {
      const seen = counted?.movements[i];
      const harmful = isHarmful(one.comparison, seen);
      return {
        ...one,
        ...(seen !== undefined && { contexts: seen }),
        harmful,
        ...(onlyHoldouts && { onlyHoldouts }),
        ...((harmful || one.comparison.harm === 0) && suggestion !== undefined && { suggestion }),
      };
    }),
    added,
    removed,
    unchanged: matched.length - changed.length,
    namespaces,
    unchangedNamespaces: after.namespaces.filter(({ name }) => known.has(name) && !told.has(name))
      .length,
    ...(holdouts.length > 0 && { holdouts }),
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

function lookUpIn(snapshot: Snapshot): LookUp {
  return {
    experiment: (name) => snapshot.setup.experiments.get(name),
    holdouts: (name) => holdoutsOf(snapshot, name),
  };
}

/** Returns true if a script should stop. */
export function isHarmfulDiff({ changed, namespaces }: SpecificationDiff): boolean {
  return changed.some(({ harmful }) => harmful) || namespaces.some(({ harmful }) => harmful);
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
