/*
 * PlanOut's hash is the number formed by the first 15 hexadecimal digits of a SHA-1. Its 60 bits are
 * more than a JavaScript number holds exactly, so this file reads it from the digest in two parts.
 */

/** The range of the lower part, which has 32 bits. The upper part has 28. */
const LOWER_RANGE = 0x1_0000_0000;

/** PlanOut divides by 0xfffffffffffffff as a float, which rounds to 2^60. */
const FLOAT_RANGE = 2 ** 60;

/** The largest modulus for which upper part times remainder stays below 2^53. */
const MAX_PLAIN_MODULUS = 2 ** 24;

/**
 * Returns a hash modulo a whole number, exactly.
 *
 * @param digest one character for each byte; the first 7½ bytes count
 * @param modulus a whole number, [1, 2^53)
 * @returns a whole number, [0, modulus)
 */
export function remainderOf(digest: string, modulus: number): number {
  const upper = upperOf(digest);
  const lower = lowerOf(digest);
  if (modulus <= MAX_PLAIN_MODULUS) {
    return (upper * (LOWER_RANGE % modulus) + (lower % modulus)) % modulus;
  }
  return Number((BigInt(upper) * BigInt(LOWER_RANGE) + BigInt(lower)) % BigInt(modulus));
}

/**
 * Returns a hash as a share of its range, rounded once, as in Python.
 *
 * @param digest one character for each byte; the first 7½ bytes count
 * @returns a number, [0, 1]
 */
export function shareOf(digest: string): number {
  return (upperOf(digest) * LOWER_RANGE + lowerOf(digest)) / FLOAT_RANGE;
}

/** Returns the number formed by the first 7 hexadecimal digits. */
function upperOf(digest: string): number {
  return (
    (digest.charCodeAt(0) << 20) |
    (digest.charCodeAt(1) << 12) |
    (digest.charCodeAt(2) << 4) |
    (digest.charCodeAt(3) >>> 4)
  );
}

/** Returns the number formed by the next 8 digits. They start and end in the middle of a byte. */
function lowerOf(digest: string): number {
  const bits =
    (digest.charCodeAt(3) << 28) |
    (digest.charCodeAt(4) << 20) |
    (digest.charCodeAt(5) << 12) |
    (digest.charCodeAt(6) << 4) |
    (digest.charCodeAt(7) >>> 4);
  return bits >>> 0;
}
