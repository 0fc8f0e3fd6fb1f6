import { type BucketCount, BUCKETS } from '../../hash/bucket.ts';
import type { AllocationSpec } from '../../specification/types.ts';
import type { Buckets } from './reassign.ts';

const WHOLE = 100;

/** Returns the variant of each bucket. */
export function bucketsOf(
  allocations: readonly AllocationSpec[],
  count: BucketCount = BUCKETS,
): Buckets {
  return allocations.flatMap(({ variant, percent }) =>
    Array.from({ length: bucketsIn(percent, count) }, () => variant),
  );
}

/**
 * Returns the number of buckets in a percent.
 *
 * @param count the experiment's number of buckets
 */
export function bucketsIn(percent: number, count: number): number {
  return Math.round((percent * count) / WHOLE);
}

/**
 * Returns the percent of a number of buckets.
 *
 * @param count the experiment's number of buckets
 */
export function percentIn(buckets: number, count: number): number {
  return (buckets * WHOLE) / count;
}

/** Returns the number of buckets that a variant has. */
export function countOf(buckets: Buckets, variant: string): number {
  return buckets.filter((owner) => owner === variant).length;
}

/** Returns the percent that a variant has. */
export function percentOf(buckets: Buckets, variant: string): number {
  return percentIn(countOf(buckets, variant), buckets.length);
}

/**
 * Returns the bucket at which a variant's allocation begins; the number of buckets if the variant is not
 * listed.
 */
export function homeOf(
  allocations: readonly AllocationSpec[],
  variant: string,
  count: BucketCount,
): number {
  const index = allocations.findIndex((one) => one.variant === variant);
  return bucketsOf(index === -1 ? allocations : allocations.slice(0, index), count).length;
}

/**
 * Returns the shortest list of allocations that gives each variant its buckets. A listed variant without
 * buckets stays in the list with 0 percent, after the same neighbour as before.
 */
export function listingOf(buckets: Buckets, before: readonly AllocationSpec[]): AllocationSpec[] {
  const runs: { variant: string; length: number }[] = [];
  for (const variant of buckets) {
    const last = runs.at(-1);
    if (last?.variant === variant) last.length++;
    else runs.push({ variant, length: 1 });
  }
  const listing = runs.map(({ variant, length }): AllocationSpec => {
    return { variant, percent: percentIn(length, buckets.length) };
  });
  for (const [i, { variant }] of before.entries()) {
    if (listing.some((one) => one.variant === variant)) continue;
    const previous = before[i - 1]?.variant;
    const behind = listing.findLastIndex((one) => one.variant === previous);
    listing.splice(behind + 1, 0, { variant, percent: 0 });
  }
  return listing;
}
