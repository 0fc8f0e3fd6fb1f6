import { bucketOfSeeded, encodeTails } from '../../src/hash/bucket.ts';
import type { Family } from './families.ts';

/** A way to deal ids to buckets: for a seed, a function from the id to its bucket. */
export type Dealing = (seed: string) => (id: string) => number;

/** As experiments deal them. */
export const dealt: Dealing = (seed) => {
  const { words, starts } = encodeTails([seed]);
  const [start = 0] = starts;
  return (id) => bucketOfSeeded(id, seed, words, start);
};

/** Where the ids of a family went, for each of some seeds. */
export interface Dealt {
  readonly seeds: readonly string[];
  /** Ids. */
  readonly ids: number;
  /** For each seed how many ids each bucket got, over all ids. */
  readonly counts: readonly Float64Array[];
  /** For each seed the buckets of the first ids, in their order. */
  readonly kept: readonly Uint8Array[];
}

/** So many ids at a time are made and dealt under all seeds, while they are in the cache. */
const CHUNK = 5000;

/**
 * Deals the ids of a family.
 *
 * @param keep of how many of the first ids the buckets are kept
 */
export function deal(
  { ids, count }: Pick<Family, 'ids' | 'count'>,
  dealing: Dealing,
  { seeds, keep, buckets }: { seeds: readonly string[]; keep: number; buckets: number },
): Dealt {
  const idAt = ids();
  const dealers = seeds.map(dealing);
  const counts = seeds.map(() => new Float64Array(buckets));
  const kept = seeds.map(() => new Uint8Array(Math.min(keep, count)));
  for (let start = 0; start < count; start += CHUNK) {
    const length = Math.min(CHUNK, count - start);
    const chunk = Array.from({ length }, (_, i) => idAt(start + i));
    for (const [s, bucketOf] of dealers.entries()) {
      const count = counts[s] ?? new Float64Array(0);
      const keeping = kept[s] ?? new Uint8Array(0);
      for (let i = 0; i < length; i++) {
        const bucket = bucketOf(chunk[i] ?? '');
        count[bucket] = (count[bucket] ?? 0) + 1;
        // Beyond its end a typed array takes nothing.
        keeping[start + i] = bucket;
      }
    }
  }
  return { seeds, ids: count, counts, kept };
}
