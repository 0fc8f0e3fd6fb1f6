import { identityPaths } from '../../../specification/identity-paths.ts';
import type { Assigner } from './assigner.ts';

/** Two experiments whose units are counted together. */
export interface Pair {
  /** Indexes of the experiments, the first below the second. */
  readonly a: number;
  readonly b: number;
  /** The index of the pair's table among all counts; the table has a row for each cell of `a`. */
  readonly offset: number;
}

/** The pairs that are counted. */
export interface Pairs {
  readonly pairs: readonly Pair[];
  /** The number of counts in all tables. */
  readonly size: number;
  /** The number of pairs that are left out because there are too many. */
  readonly leftOut: number;
}

/** The most pairs that are counted: every pair of 64 experiments. */
export const MAX_PAIRS = 2016;

/** The most counts in all tables together: 16 MB. */
const MAX_COUNTS = 4_000_000;

/**
 * Returns a path by which two experiments with one seed may both decide, so that a unit has one bucket in
 * both; undefined if they share no path. The number of buckets does not matter, because a bucket of 10,000
 * is a part of the same unit's bucket of 100.
 */
export function sharedPath(a: Assigner, b: Assigner): string | undefined {
  const [one, other] = [a.experiment.spec, b.experiment.spec];
  if (one.seed !== other.seed) return undefined;
  const others = identityPaths(other.identity);
  return identityPaths(one.identity).find((path) => others.includes(path));
}

/**
 * Chooses the pairs to count: first those with the same seed and identity, which are dependent, then
 * others as far as time and memory allow. An experiment that gives each audience one variant can't be
 * dependent and is in no pair.
 */
export function choosePairs(assigners: readonly Assigner[]): Pairs {
  const dealt = [...assigners.keys()].filter((index) => deals(assigners[index]));
  const alike: [number, number][] = [];
  const others: [number, number][] = [];
  let count = 0;
  for (const [position, a] of dealt.entries()) {
    for (const b of dealt.slice(position + 1)) {
      count++;
      const list = shareBuckets(assigners[a], assigners[b]) ? alike : others;
      // Lists longer than MAX_PAIRS are useless: thousands of experiments have millions of pairs.
      if (list.length < MAX_PAIRS) list.push([a, b]);
    }
  }
  const pairs: Pair[] = [];
  let size = 0;
  for (const [a, b] of [...alike, ...others].slice(0, MAX_PAIRS)) {
    const counts = (assigners[a]?.cells.length ?? 0) * (assigners[b]?.cells.length ?? 0);
    if (size + counts > MAX_COUNTS) continue;
    pairs.push({ a, b, offset: size });
    size += counts;
  }
  pairs.sort((one, other) => one.a - other.a || one.b - other.b);
  return { pairs, size, leftOut: count - pairs.length };
}

function shareBuckets(a: Assigner | undefined, b: Assigner | undefined): boolean {
  return a !== undefined && b !== undefined && sharedPath(a, b) !== undefined;
}

/** Returns true if some audience splits its units between variants. */
function deals(assigner: Assigner | undefined): boolean {
  if (assigner === undefined) return false;
  const { audiences, fallback } = assigner.experiment;
  return [...audiences, fallback].some(({ only }) => only === undefined);
}
