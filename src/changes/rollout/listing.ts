import { BUCKETS } from '../../hash/bucket.ts';
import type { AllocationSpec } from '../../specification/types.ts';
import type { Buckets } from './reassign.ts';

/** Returns the variant of each of the 100 buckets. */
export function bucketsOf(allocations: readonly AllocationSpec[]): Buckets {
  return allocations.flatMap(({ variant, percent }) =>
    Array.from({ length: percent }, () => variant),
  );
}

/** Returns the number of buckets that a variant has, which is its percent. */
export function percentOf(buckets: Buckets, variant: string): number {
  return buckets.filter((owner) => owner === variant).length;
}

/** Returns the bucket at which a variant's allocation begins; 100 if the variant is not listed. */
export function homeOf(allocations: readonly AllocationSpec[], variant: string): number {
  const index = allocations.findIndex((one) => one.variant === variant);
  if (index === -1) return BUCKETS;
  return allocations.slice(0, index).reduce((sum, { percent }) => sum + percent, 0);
}

/**
 * Returns the shortest list of allocations that gives each variant its buckets. A listed variant without
 * buckets stays in the list with 0 percent, after the same neighbour as before.
 */
export function listingOf(buckets: Buckets, before: readonly AllocationSpec[]): AllocationSpec[] {
  const listing: { variant: string; percent: number }[] = [];
  for (const variant of buckets) {
    const last = listing.at(-1);
    if (last?.variant === variant) last.percent++;
    else listing.push({ variant, percent: 1 });
  }
  for (const [i, { variant }] of before.entries()) {
    if (listing.some((one) => one.variant === variant)) continue;
    const previous = before[i - 1]?.variant;
    const behind = listing.findLastIndex((one) => one.variant === previous);
    listing.splice(behind + 1, 0, { variant, percent: 0 });
  }
  return listing;
}
