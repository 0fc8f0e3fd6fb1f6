/*
 * PlanOut's hash is the number of the first 15 hexadecimal digits of a SHA-1: 60 bits, more than a
 * JavaScript number holds exactly. It is read from the digest's bytes in two parts.
 */

/** The lower part has 32 bits, the upper one 28. */
const LOWER_RANGE = 0x1_0000_0000;

/** PlanOut divides by 0xfffffffffffffff as a float, and that is 2^60. */
const FLOAT_RANGE = 2 ** 60;

/** Up to this modulus, the product of an upper part and a remainder stays below 2^53. */
const MAX_PLAIN_MODULUS = 2 ** 24;

/**
 * A hash modulo a whole number, exactly.
 *
 * @param digest a character for each byte, of which the first 7½ count
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
 * A hash as a share of its range, rounded once, as Python does.
 *
 * @param digest a character for each byte, of which the first 7½ count
 * @returns a number, [0, 1]
 */
export function shareOf(digest: string): number {
  return (upperOf(digest) * LOWER_RANGE + lowerOf(digest)) / FLOAT_RANGE;
}

/** The first 7 hexadecimal digits. */
function upperOf(digest: string): number {
  return (
    (digest.charCodeAt(0) << 20) |
    (digest.charCodeAt(1) << 12) |
    (digest.charCodeAt(2) << 4) |
    (digest.charCodeAt(3) >>> 4)
  );
}

/** The next 8 digits: they begin in the middle of a byte, and end there. */
function lowerOf(digest: string): number {
  const bits =
    (digest.charCodeAt(3) << 28) |
    (digest.charCodeAt(4) << 20) |
    (digest.charCodeAt(5) << 12) |
    (digest.charCodeAt(6) << 4) |
    (digest.charCodeAt(7) >>> 4);
  return bits >>> 0;
}
