/*
 * PlanOut's hash is the number of the first 15 hexadecimal digits of a SHA-1: 60 bits, more than a
 * JavaScript number holds exactly. It is kept as digits and read in two parts.
 */

/** Digits of the upper part: 28 bits. The lower part, 8 digits, has 32. */
const UPPER_DIGITS = 7;
const ALL_DIGITS = 15;
const LOWER_RANGE = 0x1_0000_0000;

/** PlanOut divides by 0xfffffffffffffff as a float, and that is 2^60. */
const FLOAT_RANGE = 2 ** 60;

/** Up to this modulus, the product of an upper part and a remainder stays below 2^53. */
const MAX_PLAIN_MODULUS = 2 ** 24;

/**
 * A hash modulo a whole number, exactly.
 *
 * @param digest hexadecimal digits, of which the first 15 count
 * @param modulus a whole number, [1, 2^53)
 * @returns a whole number, [0, modulus)
 */
export function remainderOf(digest: string, modulus: number): number {
  const upper = Number.parseInt(digest.slice(0, UPPER_DIGITS), 16);
  const lower = Number.parseInt(digest.slice(UPPER_DIGITS, ALL_DIGITS), 16);
  if (modulus <= MAX_PLAIN_MODULUS) {
    return (upper * (LOWER_RANGE % modulus) + (lower % modulus)) % modulus;
  }
  return Number((BigInt(upper) * BigInt(LOWER_RANGE) + BigInt(lower)) % BigInt(modulus));
}

/**
 * A hash as a share of its range, rounded once, as Python does.
 *
 * @param digest hexadecimal digits, of which the first 15 count
 * @returns a number, [0, 1]
 */
export function shareOf(digest: string): number {
  const upper = Number.parseInt(digest.slice(0, UPPER_DIGITS), 16);
  const lower = Number.parseInt(digest.slice(UPPER_DIGITS, ALL_DIGITS), 16);
  return (upper * LOWER_RANGE + lower) / FLOAT_RANGE;
}
