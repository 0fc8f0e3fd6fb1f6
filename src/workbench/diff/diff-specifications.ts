import type { Snapshot } from '../../assignment/snapshot.ts';
import { SharedParts } from '../../rules/compile/compilation.ts';
import { CompiledRule } from '../../rules/compile/compile.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import type { Control } from '../simulate/count/count-units.ts';
import { type Comparison, compareExperiment, type CompareOptions } from './compare-experiment.ts';
import { type ContextMovement, type CountedMoves, countMoves } from './count-moves.ts';
import { describeChanges } from './describe-changes.ts';
import { matchExperiments } from './match-experiments.ts';
import { type NamespaceDiff, namespaceChanges } from './namespace-changes.ts';
import { suggest, type Suggestion } from './suggest-allocations.ts';

/** What the change of one experiment does. */
export interface ExperimentDiff {
  /** In the new file. */
  readonly name: string;
  /** What was changed, in words. */
  readonly changes: readonly string[];
  readonly comparison: Comparison;
  /** Who moves among real contexts, where they were given. */
  readonly contexts?: ContextMovement;
  /** Whether somebody goes from one shown variant to another. */
  readonly harmful: boolean;
  /** A way to write it with less harm, or with fewer moves; absent where there is none. */
  readonly suggestion?: Suggestion;
}

/** What a change of the specification does. */
export interface SpecificationDiff {
  /** Experiments that were changed, in the order of the new file. */
  readonly changed: readonly ExperimentDiff[];
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** How many experiments are the same in both. */
  readonly unchanged: number;
  readonly namespaces: readonly NamespaceDiff[];
  /** How many namespaces of the new file are in the old one, and nothing is told of them. */
  readonly unchangedNamespaces: number;
  /** What was counted in a file of contexts; absent without one. */
  readonly counted?: Omit<CountedMoves, 'movements'>;
}

/** Real contexts, and who is waiting for them. */
export interface DiffContexts {
  readonly chunks: AsyncIterable<Uint8Array | string>;
  readonly control: Control;
}

/** Finds out who moves where when one specification takes the place of another. */
export async function diffSpecifications(
  before: Snapshot,
  after: Snapshot,
  { units, parked }: Omit<CompareOptions, 'rules'>,
  contexts?: DiffContexts,
): Promise<SpecificationDiff> {
  const options: CompareOptions = {
    units,
    parked,
    rules: compiledRules([...before.experiments, ...after.experiments]),
  };
  const { matched, added, removed } = matchExperiments(before.experiments, after.experiments);
  const changed = matched.flatMap((pair) => {
    const changes = describeChanges(pair.before, pair.after);
    if (changes.length === 0) return [];
    const comparison = compareExperiment(pair.before, pair.after, options);
    const moves = comparison.harm + comparison.moved > 0;
    const suggestion = moves ? suggest(comparison, options) : undefined;
    return [{ name: pair.after.name, changes, comparison, suggestion }];
  });
  const counted =
    contexts === undefined
      ? undefined
      : await countMoves(
          changed.map(({ comparison }) => comparison),
          contexts.chunks,
          parked,
          contexts.control,
        );
  const namespaces = namespaceChanges(before, after);
  const known = new Set(before.namespaces.map(({ name }) => name));
  const told = new Set(namespaces.map(({ name }) => name));
  return {
    changed: changed.map(({ suggestion, ...one }, i): ExperimentDiff => {
      const seen = counted?.movements[i];
      const harmful = isHarmful(one.comparison, seen);
      return {
        ...one,
        ...(seen !== undefined && { contexts: seen }),
        harmful,
        ...((harmful || one.comparison.harm === 0) && suggestion !== undefined && { suggestion }),
      };
    }),
    added,
    removed,
    unchanged: matched.length - changed.length,
    namespaces,
    unchangedNamespaces: after.namespaces.filter(({ name }) => known.has(name) && !told.has(name))
      .length,
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

/** The rules of both files, each compiled once. */
function compiledRules(experiments: readonly ExperimentSpec[]): Map<string, CompiledRule> {
  const sources = experiments.flatMap(({ audiences }) =>
    audiences.flatMap(({ rule }) => rule ?? []),
  );
  const shared = new SharedParts();
  return new Map(sources.map((source) => [source, new CompiledRule(source, shared)]));
}

/** Whether there is anything that a script should stop at. */
export function isHarmfulDiff({ changed, namespaces }: SpecificationDiff): boolean {
  return changed.some(({ harmful }) => harmful) || namespaces.some(({ harmful }) => harmful);
}

/**
 * Where everybody stays in one audience, the shares tell for certain. Where rules were changed they
 * tell what may be, and real contexts, where there are any, what is.
 */
function isHarmful({ sameRules, worst }: Comparison, seen: ContextMovement | undefined): boolean {
  return seen === undefined || sameRules ? worst > 0 : seen.harmful > 0;
}
