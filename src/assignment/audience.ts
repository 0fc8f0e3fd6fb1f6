import { BUCKETS, type BucketCount } from '../hash/bucket.ts';
import type { CompiledRule } from '../rules/compile/compile.ts';
import type { Evaluate } from '../rules/compile/evaluate.ts';
import type { AllocationSpec, AudienceSpec } from '../specification/types.ts';

/** The buckets that an allocation takes: both ends inclusive, 0–99, or 0–9999 of 10,000 buckets. */
export interface AllocationRange {
  readonly variant: string;
  readonly from: number;
  readonly to: number;
}

/** An audience, compiled once when the specification is loaded. */
export class CompiledAudience {
  // Each decision reads the first four.
  /** The closure of `rule`, kept here because reading it from the rule costs time. */
  readonly run: Evaluate | undefined;
  /** The audience that is tried after this one; undefined for the fallback audience. */
  readonly next: CompiledAudience | undefined;
  /**
   * The variant that all buckets share, if there is one: such an audience needs no identity. So an
   * experiment by `user.id` whose fallback audience gives everyone one variant works for visitors who
   * are not logged in.
   */
  readonly only: string | undefined;
  /** The allocations that take buckets, in order; together they take all buckets. */
  readonly ranges: readonly AllocationRange[];
  /** Undefined for the fallback audience. */
  readonly rule: CompiledRule | undefined;
  readonly spec: AudienceSpec;

  /**
   * @param rule the specification's rule, compiled
   * @param ranges the ranges of its allocations
   * @param next the audience after it
   */
  constructor(
    spec: AudienceSpec,
    rule: CompiledRule | undefined,
    ranges: readonly AllocationRange[],
    next: CompiledAudience | undefined,
  ) {
    const [first] = ranges;
    this.run = rule?.run;
    this.next = next;
    this.only = ranges.every(({ variant }) => variant === first?.variant)
      ? first?.variant
      : undefined;
    this.ranges = ranges;
    this.rule = rule;
    this.spec = spec;
  }
}

/** Converts percents to ranges of buckets. */
export function compileAllocations(
  allocations: readonly AllocationSpec[],
  buckets: BucketCount = BUCKETS,
): AllocationRange[] {
  const perPercent = buckets / BUCKETS;
  const ranges: AllocationRange[] = [];
  let from = 0;
  for (const { variant, percent } of allocations) {
    // Rounded, because 0.29 * 100 is 28.999999999999996.
    const size = Math.round(percent * perPercent);
    // A parked variant takes no bucket.
    if (size > 0) ranges.push({ variant, from, to: from + size - 1 });
    from += size;
  }
  return ranges;
}
