import { isSameIdentity } from '../../specification/identity-paths.ts';
import type { ExperimentSpec } from '../../specification/types.ts';

/** An experiment in both files; the names differ if it was renamed. */
export interface MatchedExperiment {
  readonly before: ExperimentSpec;
  readonly after: ExperimentSpec;
}

/** The experiments of two files, matched. */
export interface MatchedExperiments {
  /** In the order of the new file. */
  readonly matched: readonly MatchedExperiment[];
  /** Names that only the new file has. */
  readonly added: readonly string[];
  /** Names that only the old file has. */
  readonly removed: readonly string[];
}

/**
 * Finds each experiment of one file in the other, by its name. A removed experiment and an added one
 * count as renamed if they have the same identity and variants, the added one has the old seed or none
 * of its own, and no other experiment fits.
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

/** Returns true if an added experiment may be a removed one under a new name. */
function isAlike(one: ExperimentSpec, other: ExperimentSpec): boolean {
  const names = (spec: ExperimentSpec): string => JSON.stringify(spec.variants.map((v) => v.name));
  // A new seed of its own means that the author wanted a new start.
  const keepsSeed = other.seed === one.seed || other.seed === other.name;
  return keepsSeed && isSameIdentity(one.identity, other.identity) && names(one) === names(other);
}

function only<T>(list: readonly T[]): T | undefined {
  return list.length === 1 ? list[0] : undefined;
}
