import type { Rule } from '../rules/compile.ts';
import type { AudienceSpec } from '../spec/types.ts';

/** An audience, ready to decide. */
export interface CompiledAudience {
  /** Absent for the fallback audience. */
  readonly rule: Rule | undefined;
  /** The variant of each bucket 0–99. */
  readonly variants: readonly string[];
  /**
   * The variant all buckets share, where there is one: such an audience needs no identity. So an
   * experiment by `user.id` whose fallback audience is 100% of one variant works for visitors who
   * are not logged in.
   */
  readonly only: string | undefined;
  readonly spec: AudienceSpec;
}

/**
 * Compiles one audience: its allocations become a table over the buckets.
 *
 * @param rules the specification's rules, compiled
 */
export function compileAudience(
  spec: AudienceSpec,
  rules: ReadonlyMap<string, Rule>,
): CompiledAudience {
  const variants = spec.allocations.flatMap(({ variant, percent }) =>
    Array.from<string>({ length: percent }).fill(variant),
  );
  const [first] = variants;
  return Object.freeze({
    rule: spec.rule === undefined ? undefined : rules.get(spec.rule),
    variants: Object.freeze(variants),
    only: variants.every((variant) => variant === first) ? first : undefined,
    spec,
  });
}

/** The buckets a variant's allocation takes: both ends inclusive, 0–99. */
export interface AllocationRange {
  readonly variant: string;
  readonly from: number;
  readonly to: number;
}

/** The allocation whose cumulated range holds the bucket. */
export function allocationOf(spec: AudienceSpec, bucket: number): AllocationRange | undefined {
  let from = 0;
  for (const { variant, percent } of spec.allocations) {
    if (bucket < from + percent) return { variant, from, to: from + percent - 1 };
    from += percent;
  }
  return undefined;
}
