import { copyJson } from '../json/copy.ts';
import { own } from '../json/own.ts';
import type { RawExperiment } from './schema/shape.ts';
import type { AllocationSpec, AudienceSpec, VariantSpec } from './types.ts';

type RawVariant = RawExperiment['variants'][number];
type RawAllocation = RawExperiment['audiences'][number]['allocations'][number];

/**
 * The lists of variants and of allocations of one specification, and its fallback audiences, frozen.
 * Many experiments have the same, `on` and `off` or half and half: those are there once.
 */
export class SharedLists {
  private readonly variantLists = new Map<string, readonly VariantSpec[]>();
  private readonly allocationLists = new Map<string, readonly AllocationSpec[]>();
  private readonly fallbacks = new Map<readonly AllocationSpec[], AudienceSpec>();

  variants(raw: readonly RawVariant[]): readonly VariantSpec[] {
    // Values can be large: they are not compared.
    if (raw.some((variant) => own(variant, 'value') !== undefined)) {
      return Object.freeze(raw.map(buildVariant));
    }
    // No name has a space.
    const key = raw.map(({ name }) => name).join(' ');
    return sharedBy(this.variantLists, key, () => raw.map(buildVariant));
  }

  allocations(raw: readonly RawAllocation[]): readonly AllocationSpec[] {
    let key = '';
    for (const { variant, percent } of raw) key += `${variant} ${percent} `;
    return sharedBy(this.allocationLists, key, () =>
      raw.map(({ variant, percent }) => Object.freeze({ variant, percent })),
    );
  }

  /** The audience without a rule that has these allocations. */
  fallback(raw: readonly RawAllocation[]): AudienceSpec {
    const allocations = this.allocations(raw);
    let fallback = this.fallbacks.get(allocations);
    if (fallback === undefined) {
      fallback = Object.freeze({ allocations });
      this.fallbacks.set(allocations, fallback);
    }
    return fallback;
  }
}

function buildVariant(variant: RawVariant): VariantSpec {
  const { name } = variant;
  const value = own(variant, 'value');
  if (value === undefined) return Object.freeze({ name });
  const copied = copyJson(value);
  return Object.freeze('json' in copied ? { name, value: copied.json } : { name });
}

function sharedBy<T>(
  lists: Map<string, readonly T[]>,
  key: string,
  build: () => T[],
): readonly T[] {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const list = Object.freeze(build());
  lists.set(key, list);
  return list;
}
