import type { OptionCheck } from './check-options.ts';

/** One day: longer times are mistakes, and timers can't hold more than 24.8 days. */
export const MAX_MS = 86_400_000;

/** Tells whether a value is a number, [min, max]. */
export function isBetween(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && value >= min && value <= max;
}

/** Tells whether a value is a whole number, [min, max]. */
export function isWholeNumber(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && isBetween(value, min, max);
}

/** Describes a range of whole numbers for messages. */
export function wholeNumberRange(min: number, max: number): string {
  return max >= Number.MAX_SAFE_INTEGER
    ? `a whole number, ${min} or more`
    : `a whole number from ${min} to ${max}`;
}

/** Describes a range of milliseconds for messages. */
export function millisecondsRange(min: number, max: number): string {
  return `a number of milliseconds from ${min} to ${max}`;
}

/** Returns a check that accepts whole numbers, [min, max]. */
export function wholeNumber(min: number, max: number): OptionCheck {
  return {
    expected: wholeNumberRange(min, max),
    accepts: (value) => isWholeNumber(value, min, max),
  };
}

/**
 * Returns a check that accepts milliseconds, [min, max], with or without a fraction.
 *
 * @param max default: one day
 */
export function milliseconds(min: number, max: number = MAX_MS): OptionCheck {
  return {
    expected: millisecondsRange(min, max),
    accepts: (value) => isBetween(value, min, max),
  };
}
