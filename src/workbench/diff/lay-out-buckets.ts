import { percentsByVariant } from '../../specification/percents.ts';
import type { AllocationSpec } from '../../specification/types.ts';

/**
 * Splits the buckets of an audience by new percents so that as few as possible move between shown
 * variants and, among these ways, as few as possible move at all. Shown variants take buckets from
 * parked ones; buckets that shown variants give up become parked.
 *
 * @param before the current variant of each bucket, of as many buckets as the new allocations have
 * @param wanted the new allocations; their order and ranges may change, but not their sums
 */
export function layOut(
  before: readonly string[],
  wanted: readonly AllocationSpec[],
  parked: ReadonlySet<string>,
): AllocationSpec[] {
  // Takes from the end or from the start of a variant's buckets: the way with fewer allocations wins.
  const needs = needsOf(wanted, before.length);
  const ways = [false, true].map((fromStart) => fill(before, needs, parked, fromStart));
  const [best = []] = ways
    .map((variants) => toAllocations(variants, wanted))
    .sort((a, b) => a.length - b.length);
  return best;
}

const WHOLE = 100;

/** Returns the number of buckets that each variant needs. */
function needsOf(allocations: readonly AllocationSpec[], buckets: number): Map<string, number> {
  return new Map(
    [...percentsByVariant(allocations)].map(([variant, percent]) => [
      variant,
      Math.round((percent * buckets) / WHOLE),
    ]),
  );
}

function fill(
  before: readonly string[],
  wanted: ReadonlyMap<string, number>,
  parked: ReadonlySet<string>,
  fromStart: boolean,
): string[] {
  const after: (string | undefined)[] = before.map(() => undefined);
  const needs = new Map(wanted);
  const order = [...before.keys()];
  for (const bucket of fromStart ? order.toReversed() : order) {
    const variant = before[bucket] ?? '';
    if (take(needs, variant)) after[bucket] = variant;
  }
  const shown = [...needs.keys()].filter((variant) => !parked.has(variant));
  const free = (isParked: boolean): number[] =>
    order.filter((b) => after[b] === undefined && parked.has(before[b] ?? '') === isParked);
  const grow = (buckets: readonly number[], variants: readonly string[]): void => {
    const queue = variants.flatMap((variant) =>
      Array.from({ length: needs.get(variant) ?? 0 }, () => variant),
    );
    for (const [i, variant] of queue.entries()) {
      const bucket = buckets[i];
      if (bucket !== undefined && take(needs, variant)) after[bucket] = variant;
    }
  };
  // Buckets that parked variants give up go to shown variants first.
  grow(free(true), shown);
  // Then parked variants exchange buckets: they give theirs to shown ones and take what these give up.
  const missing = shown.reduce((sum, variant) => sum + (needs.get(variant) ?? 0), 0);
  const kept = order.filter((b) => parked.has(after[b] ?? ''));
  const swapped = fromStart
    ? kept.slice(0, missing)
    : kept.slice(Math.max(0, kept.length - missing));
  for (const bucket of swapped) {
    const variant = after[bucket] ?? '';
    needs.set(variant, (needs.get(variant) ?? 0) + 1);
    after[bucket] = undefined;
  }
  grow(swapped, shown);
  grow(
    [...free(false), ...free(true)],
    [...needs.keys()].filter((variant) => parked.has(variant)),
  );
  // The remaining buckets can't be assigned without harm.
  grow(free(false), shown);
  return after.map((variant) => variant ?? '');
}

/** Reduces a variant's need by one bucket; returns false if it needs none. */
function take(needs: Map<string, number>, variant: string): boolean {
  const need = needs.get(variant) ?? 0;
  if (need <= 0) return false;
  needs.set(variant, need - 1);
  return true;
}

/** Joins consecutive buckets of one variant into allocations; adds allocations of 0 at the end. */
function toAllocations(
  variants: readonly string[],
  wanted: readonly AllocationSpec[],
): AllocationSpec[] {
  const allocations: AllocationSpec[] = [];
  let from = 0;
  const buckets = variants.length;
  for (let bucket = 1; bucket <= buckets; bucket++) {
    const variant = variants[from] ?? '';
    if (bucket < buckets && variants[bucket] === variant) continue;
    allocations.push({ variant, percent: ((bucket - from) * WHOLE) / buckets });
    from = bucket;
  }
  return [...allocations, ...wanted.filter(({ percent }) => percent === 0)];
}
