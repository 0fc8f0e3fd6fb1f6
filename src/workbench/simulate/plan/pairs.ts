import type { Assigner } from './assigner.ts';

/** Two experiments whose units are counted together. */
export interface Pair {
  /** Indexes of the experiments, the first below the second. */
  readonly a: number;
  readonly b: number;
  /** Where the pair's table begins among all counts; a row for each cell of `a`. */
  readonly offset: number;
}

/** The pairs that are counted. */
export interface Pairs {
  readonly pairs: readonly Pair[];
  /** How many counts all tables hold. */
  readonly size: number;
  /** How many pairs are left out, as there are too many. */
  readonly leftOut: number;
}

/** How many pairs are counted: all of 64 experiments. */
export const MAX_PAIRS = 2016;

/** How many counts the tables may hold together: 16 MB. */
const MAX_COUNTS = 4_000_000;

/** What experiments must share for their units to have one bucket in both. */
export function bucketKey({ experiment: { spec } }: Assigner): string {
  return `${spec.identity}\n${spec.seed}`;
}

/**
 * Chooses the pairs to count: those with one seed and identity first, which depend on each other, then
 * the others as far as time and memory allow. An experiment that gives each audience one variant
 * depends on nothing, and is in no pair.
 */
export function choosePairs(assigners: readonly Assigner[]): Pairs {
  const dealt = [...assigners.keys()].filter((index) => deals(assigners[index]));
  const keys = assigners.map(bucketKey);
  const alike: [number, number][] = [];
  const others: [number, number][] = [];
  let count = 0;
  for (const [position, a] of dealt.entries()) {
    for (const b of dealt.slice(position + 1)) {
      count++;
      const list = keys[a] === keys[b] ? alike : others;
      // No list grows past what can be chosen: of thousands of experiments there are millions.
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

/** Whether some audience deals its units to more than one variant. */
function deals(assigner: Assigner | undefined): boolean {
  if (assigner === undefined) return false;
  const { audiences, fallback } = assigner.experiment;
  return [...audiences, fallback].some(({ only }) => only === undefined);
}
