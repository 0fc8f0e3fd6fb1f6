import { RuleFault } from './fault.ts';

/** Bits of a quotient that are computed: more than the 53 of a float, so that it can be rounded. */
const QUOTIENT_BITS = 64;

/**
 * The quotient of two whole numbers as the nearest float, where the numbers themselves may be too
 * long for one: Python's `/` on whole numbers (CPython's `long_true_divide`). Quotients below the
 * smallest normal float, 2^-1022, may be off by their last bit.
 *
 * @throws RuleFault `limit` where no float is as large
 */
export function wholeQuotient(left: bigint, right: bigint): number {
  const [a, b] = [left < 0n ? -left : left, right < 0n ? -right : right];
  const shift = lengthOf(b) - lengthOf(a) + QUOTIENT_BITS;
  const [numerator, denominator] = shift >= 0 ? [a << BigInt(shift), b] : [a, b << BigInt(-shift)];
  const whole = numerator / denominator;
  // A last bit for all that is cut off keeps a value just above a half from being taken for one.
  const rounded = Number(whole * denominator === numerator ? whole : whole | 1n);
  const quotient = timesPowerOf2(rounded, -shift);
  if (quotient === Infinity) throw new RuleFault('limit', 'the quotient is too large for a float');
  return left < 0n === right < 0n ? quotient : -quotient;
}

/** Number of bits, give or take three. */
function lengthOf(value: bigint): number {
  return value.toString(16).length * 4;
}

/** In two steps, since a power alone may be out of a float's range where the product is not. */
function timesPowerOf2(value: number, exponent: number): number {
  const half = Math.trunc(exponent / 2);
  return value * 2 ** half * 2 ** (exponent - half);
}
