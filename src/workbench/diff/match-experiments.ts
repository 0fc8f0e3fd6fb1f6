import type { ExperimentSpec } from '../../specification/types.ts';

/** An experiment in both files; the names differ where it was renamed. */
export interface MatchedExperiment {
  readonly before: ExperimentSpec;
  readonly after: ExperimentSpec;
}

/** What is in which file. */
export interface MatchedExperiments {
  /** In the order of the new file. */
  readonly matched: readonly MatchedExperiment[];
  /** Names that only the new file has. */
  readonly added: readonly string[];
  /** Names that only the old file has. */
  readonly removed: readonly string[];
}

/**
 * Finds each experiment of one file in the other: by its name; and where a name has gone and another
 * has come with the same identity and the same variants, and the old seed or none of its own, as one
 * that was renamed, if no third could be meant.
 */
export function matchExperiments(
  before: readonly ExperimentSpec[],
  after: readonly ExperimentSpec[],
): MatchedExperiments {
  const oldByName = new Map(before.map((spec) => [spec.name, spec]));
  const newNames = new Set(after.map(({ name }) => name));
  const gone = before.filter(({ name, shorthand }) => !newNames.has(name) && !shorthand);
  const come = after.filter(({ name, shorthand }) => !oldByName.has(name) && !shorthand);
  for (const spec of come) {
    const origin = only(gone.filter((old) => isAlike(old, spec)));
    const heirs = come.filter((one) => origin !== undefined && isAlike(origin, one));
    if (origin !== undefined && heirs.length === 1) oldByName.set(spec.name, origin);
  }
  const matched = after.flatMap((spec): MatchedExperiment[] => {
    const old = oldByName.get(spec.name);
    return old === undefined ? [] : [{ before: old, after: spec }];
  });
  const known = new Set(matched.map((pair) => pair.before.name));
  return {
    matched,
    added: after.filter(({ name }) => !oldByName.has(name)).map(({ name }) => name),
    removed: before.filter(({ name }) => !known.has(name)).map(({ name }) => name),
  };
}

/** Whether an experiment that has come may be one that has gone. */
function isAlike(one: ExperimentSpec, other: ExperimentSpec): boolean {
  const names = (spec: ExperimentSpec): string => JSON.stringify(spec.variants.map((v) => v.name));
  // A seed of its own says that it was meant to begin anew.
  const keepsSeed = other.seed === one.seed || other.seed === other.name;
  return keepsSeed && one.identity === other.identity && names(one) === names(other);
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}
