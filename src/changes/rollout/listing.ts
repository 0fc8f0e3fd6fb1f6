import { BUCKETS } from '../../hash/bucket.ts';
import type { AllocationSpec } from '../../specification/types.ts';
import type { Buckets } from './reassign.ts';

/** Who has each of the 100 buckets. */
export function bucketsOf(allocations: readonly AllocationSpec[]): Buckets {
  return allocations.flatMap(({ variant, percent }) =>
    Array.from({ length: percent }, () => variant),
  );
}

/** How many of 100 buckets a variant has: its percent. */
export function percentOf(buckets: Buckets, variant: string): number {
  return buckets.filter((owner) => owner === variant).length;
}

/** Where a variant's buckets would begin: behind those of the allocations before it, else at the end. */
export function homeOf(allocations: readonly AllocationSpec[], variant: string): number {
  const index = allocations.findIndex((one) => one.variant === variant);
  if (index === -1) return BUCKETS;
  return allocations.slice(0, index).reduce((sum, { percent }) => sum + percent, 0);
}

/**
 * The shortest list of allocations that gives each variant its buckets. A variant that was listed and
 * has none now stays, parked with 0 percent, behind what it stood behind.
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
