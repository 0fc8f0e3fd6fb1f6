import { RuleFault } from './fault.ts';

/**
 * The bits of a quotient that are computed: more than the 53 of a float, so that it can be rounded.
 */
const QUOTIENT_BITS = 64;

/**
 * Returns the quotient of two whole numbers as the nearest float, even if the numbers are too long
 * for a float. It is Python's `/` on whole numbers (CPython's `long_true_divide`). Quotients below
 * the smallest normal float, 2^-1022, may be off by their last bit.
 *
 * @throws RuleFault `limit` if the quotient is too large for a float
 */
export function wholeQuotient(left: bigint, right: bigint): number {
  const [a, b] = [left < 0n ? -left : left, right < 0n ? -right : right];
  const shift = lengthOf(b) - lengthOf(a) + QUOTIENT_BITS;
  const [numerator, denominator] = shift >= 0 ? [a << BigInt(shift), b] : [a, b << BigInt(-shift)];
  const whole = numerator / denominator;
  // Setting the last bit for the remainder keeps a value just above a half from being rounded as a
  // half.
  const rounded = Number(whole * denominator === numerator ? whole : whole | 1n);
  const quotient = timesPowerOf2(rounded, -shift);
  if (quotient === Infinity) throw new RuleFault('limit', 'the quotient is too large for a float');
  return left < 0n === right < 0n ? quotient : -quotient;
}

/** Returns the number of bits, within three. */
function lengthOf(value: bigint): number {
  return value.toString(16).length * 4;
}

/**
 * Multiplies in two steps, because the power alone may be out of a float's range when the product
 * is not.
 */
function timesPowerOf2(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}
