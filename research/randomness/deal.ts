import { bucketOfSeeded, encodeTails } from '../../src/hash/bucket.ts';
import type { Family } from './families.ts';

/** A way to deal ids to buckets: returns, for a seed, a function from the id to its bucket. */
export type Dealing = (seed: string) => (id: string) => number;

/** Deals ids as experiments do. */
export const dealt: Dealing = (seed) => {
  const { words, starts } = encodeTails([seed]);
  const [start = 0] = starts;
  return (id) => bucketOfSeeded(id, seed, words, start);
};

/** The buckets of a family's ids, for each of several seeds. */
export interface Dealt {
  readonly seeds: readonly string[];
  /** The number of ids. */
  readonly ids: number;
  /** The number of ids in each bucket, over all ids, for each seed. */
  readonly counts: readonly Float64Array[];
  /** The buckets of the first ids, in order, for each seed. */
  readonly kept: readonly Uint8Array[];
}

/**
 * The number of ids that are generated at a time and dealt under all seeds while they are in the
 * cache.
 */
const CHUNK = 5000;

/**
 * Deals the ids of a family.
 *
 * @param keep the number of first ids whose buckets are kept
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
        // A typed array ignores writes beyond its end.
        keeping[start + i] = bucket;
      }
    }
  }
  return { seeds, ids: count, counts, kept };
}
