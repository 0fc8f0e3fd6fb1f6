import type { AllocationSpec } from './types.ts';

/** Hundredths of a percent: sums of whole numbers are exact, sums of decimals are not. */
const PER_PERCENT = 100;

/** Returns a percent in hundredths, as a whole number. */
export function hundredthsOf(percent: number): number {
  return Math.round(percent * PER_PERCENT);
}

/** Returns the percent of a number of hundredths. */
export function percentOfHundredths(hundredths: number): number {
  return hundredths / PER_PERCENT;
}

/** Returns true if a percent has at most two decimals. */
export function hasTwoDecimals(percent: number): boolean {
  return percentOfHundredths(hundredthsOf(percent)) === percent;
}

/** Adds up each variant's allocations, in the order of the variants' first allocation. */
export function percentsByVariant(allocations: readonly AllocationSpec[]): Map<string, number> {
  const percents = new Map<string, number>();
  for (const { variant, percent } of allocations) {
    const sum = hundredthsOf(percents.get(variant) ?? 0) + hundredthsOf(percent);
    percents.set(variant, percentOfHundredths(sum));
  }
  return percents;
}
