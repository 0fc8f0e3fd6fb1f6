import { type CompiledRule, ruleHolds } from '../rules/compile/compile.ts';
import type { Evaluate } from '../rules/compile/evaluate.ts';
import type { AllocationSpec, AudienceSpec } from '../specification/types.ts';

/** The buckets a variant's allocation takes: both ends inclusive, 0–99. */
export interface AllocationRange {
  readonly variant: string;
  readonly from: number;
  readonly to: number;
}

/** An audience, ready to decide. */
export class CompiledAudience {
  // What each decision reads comes first.
  private readonly run: Evaluate | undefined;
  /** The audience tried after this one; undefined for the fallback audience. */
  readonly next: CompiledAudience | undefined;
  /**
   * The variant all buckets share, where there is one: such an audience needs no identity. So an
   * experiment by `user.id` whose fallback audience is 100% of one variant works for visitors who
   * are not logged in.
   */
  readonly only: string | undefined;
  /** The allocations that take buckets, in order; together they take all of them, 0–99. */
  readonly ranges: readonly AllocationRange[];
  /** Absent for the fallback audience. */
  readonly rule: CompiledRule | undefined;
  readonly spec: AudienceSpec;

  /**
   * @param rule that of the specification, compiled
   * @param ranges those of its allocations
   * @param next the one behind it
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

  /**
   * Whether the context is in it; every context is in the fallback audience.
   *
   * @throws RuleError while evaluating its rule, and whatever the context throws
   */
  takes(context: object): boolean {
    const { run, rule } = this;
    return run === undefined || rule === undefined || ruleHolds(run, rule, context);
  }
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
  // By index: who inlines it inlines less.
  for (let i = 0; i < ranges.length; i++) {
    const range = ranges[i];
    if (range !== undefined && bucket <= range.to) return range;
  }
  return undefined;
}
