import type { CompiledRule } from '../rules/compile.ts';
import type { AllocationSpec, AudienceSpec } from '../spec/types.ts';

/** The buckets a variant's allocation takes: both ends inclusive, 0–99. */
export interface AllocationRange {
  readonly variant: string;
  readonly from: number;
  readonly to: number;
}

/** An audience, ready to decide. */
export interface CompiledAudience {
  /** Absent for the fallback audience. */
  readonly rule: CompiledRule | undefined;
  /** The allocations that take buckets, in order; together they take all of them, 0–99. */
  readonly ranges: readonly AllocationRange[];
  /**
   * The variant all buckets share, where there is one: such an audience needs no identity. So an
   * experiment by `user.id` whose fallback audience is 100% of one variant works for visitors who
   * are not logged in.
   */
  readonly only: string | undefined;
  readonly spec: AudienceSpec;
}

/**
 * Compiles one audience.
 *
 * @param rules the specification's rules, compiled
 * @param ranges those of its allocations
 */
export function compileAudience(
  spec: AudienceSpec,
  rules: ReadonlyMap<string, CompiledRule>,
  ranges: readonly AllocationRange[] = compileAllocations(spec.allocations),
): CompiledAudience {
  const [first] = ranges;
  return {
    rule: spec.rule === undefined ? undefined : rules.get(spec.rule),
    ranges,
    only: ranges.every(({ variant }) => variant === first?.variant) ? first?.variant : undefined,
    spec,
  };
}

/** Percents become ranges of buckets. */
export function compileAllocations(allocations: readonly AllocationSpec[]): AllocationRange[] {
  const ranges: AllocationRange[] = [];
  let from = 0;
  for (const { variant, percent } of allocations) {
    // A parked variant takes no bucket.
    if (percent > 0) ranges.push({ variant, from, to: from + percent - 1 });
    from += percent;
  }
  return ranges;
}

/** The allocation that holds a bucket. */
export function allocationOf(
  { ranges }: CompiledAudience,
  bucket: number,
): AllocationRange | undefined {
  // A loop, not a table: there are few, and a table of 100 costs more at load than it ever saves.
  for (const range of ranges) if (bucket <= range.to) return range;
  return undefined;
}
