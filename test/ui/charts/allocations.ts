import * as fc from 'fast-check';
import type { VariantShare } from '../../../src/ui/charts/runs.ts';

const NAMES = ['control', 'one', 'two', 'inactive'];

/** Generates allocations that sum to 100 percent, on 100 or 10,000 buckets. */
export function allocations(buckets: 100 | 10_000): fc.Arbitrary<readonly VariantShare[]> {
  return fc
    .tuple(
      fc.array(fc.integer({ min: 0, max: buckets }), { maxLength: 5 }),
      fc.infiniteStream(fc.constantFrom(...NAMES)),
    )
    .map(([cuts, names]) => {
      const borders = [0, ...cuts.sort((a, b) => a - b), buckets];
      return borders.slice(1).map((to, i) => ({
        variant: names.next().value ?? 'control',
        percent: (to - (borders[i] ?? 0)) / (buckets / 100),
      }));
    });
}
