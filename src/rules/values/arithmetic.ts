import { spendSteps } from './budget.ts';
import { RuleFault } from './fault.ts';
import { MAX_BITS } from './limits.ts';
import { wholeQuotient } from './whole-quotient.ts';

/**
 * A Python number. A whole number is a `number` while it is safe, and a `bigint` beyond, so that it
 * stays exact. Everything else is a float. A float with a whole value counts as a whole number,
 * because JSON does not distinguish them.
 */
export type Numeric = number | bigint;

/** Returns true if a number is whole, like Python's int. */
export function isWhole(value: Numeric): boolean {
  return typeof value === 'bigint' || Number.isSafeInteger(value);
}

/** Returns a whole number as a `number` if that is exact. */
export function normal(value: bigint): Numeric {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
    ? Number(value)
    : value;
}

/**
 * Returns the result of a calculation on whole numbers, as a `number` if that is exact.
 *
 * @throws RuleFault `limit` if it has more than {@link MAX_BITS}
 */
export function bounded(value: bigint): Numeric {
  const short = normal(value);
  if (typeof short === 'bigint') {
    const bits = bitLength(short);
    if (bits > MAX_BITS) tooLarge();
    // The time of a calculation grows with the length of the number.
    spendSteps(bits);
  }
  return short;
}

/** The smallest number that is too long. */
const TOO_LARGE = 1n << BigInt(MAX_BITS);

/** The cost of comparing or converting a bigint, in steps. */
const STEPS_PER_BIGINT = 15;

/**
 * Returns a bigint of the context if rules can calculate with it, and counts the steps.
 *
 * @throws RuleFault `limit` if it has more than {@link MAX_BITS}
 */
export function refuseLong(value: bigint): bigint {
  if (value >= TOO_LARGE || value <= -TOO_LARGE) tooLarge();
  spendSteps(STEPS_PER_BIGINT);
  return value;
}

/** Throws the fault for a whole number of more than {@link MAX_BITS}. */
export function tooLarge(): never {
  throw new RuleFault(
    'limit',
    `the rule calculates with a whole number of more than ${MAX_BITS} bits; use smaller numbers`,
  );
}

/** Returns the number of bits without the sign, rounded up to a multiple of 4. */
export function bitLength(value: bigint): number {
  return (value < 0n ? -value : value).toString(16).length * 4;
}

/** Converts a number to a float. Like Python, it refuses a number that is too large for a float. */
function toFloat(value: Numeric): number {
  const float = Number(value);
  if (typeof value === 'bigint' && !Number.isFinite(float)) {
    throw new RuleFault('limit', 'the whole number is too large to convert to a float');
  }
  return float;
}

/**
 * Calculates with floats. If both numbers are whole and the result is not safe, it calculates again
 * exactly.
 */
function exact(
  left: Numeric,
  right: Numeric,
  onFloats: (left: number, right: number) => number,
  onWholes: (left: bigint, right: bigint) => bigint,
): Numeric {
  if (typeof left === 'number' && typeof right === 'number') {
    const result = onFloats(left, right);
    if (Number.isSafeInteger(result) || !isWhole(left) || !isWhole(right)) return result;
  } else if (!isWhole(left) || !isWhole(right)) {
    return onFloats(toFloat(left), toFloat(right));
  }
  return bounded(onWholes(BigInt(left), BigInt(right)));
}

/** `left + right` */
export function add(left: Numeric, right: Numeric): Numeric {
  return exact(
    left,
    right,
    (a, b) => a + b,
    (a, b) => a + b,
  );
}

/** `left - right` */
export function subtract(left: Numeric, right: Numeric): Numeric {
  return exact(
    left,
    right,
    (a, b) => a - b,
    (a, b) => a - b,
  );
}

/** `left * right` */
export function multiply(left: Numeric, right: Numeric): Numeric {
  return exact(
    left,
    right,
    (a, b) => a * b,
    (a, b) => a * b,
  );
}

/** `-value` */
export function negate(value: Numeric): Numeric {
  // Python's whole numbers have no -0, and `0 - 0` is 0.
  return typeof value === 'bigint' ? bounded(-value) : 0 - value;
}

/** Divides. The result is always a float, the one nearest to the exact quotient. */
export function divide(left: Numeric, right: Numeric): Numeric {
  refuseZero(right);
  if ((typeof left === 'bigint' || typeof right === 'bigint') && isWhole(left) && isWhole(right)) {
    const [a, b] = [BigInt(left), BigInt(right)];
    spendSteps(bitLength(a) + bitLength(b));
    return wholeQuotient(a, b);
  }
  return toFloat(left) / toFloat(right);
}

/** Divides and rounds down, not toward zero. */
export function floorDivide(left: Numeric, right: Numeric): Numeric {
  refuseZero(right);
  if ((typeof left === 'bigint' || typeof right === 'bigint') && isWhole(left) && isWhole(right)) {
    return bounded(floorQuotient(BigInt(left), BigInt(right)));
  }
  return floorDivideFloats(toFloat(left), toFloat(right));
}

function floorQuotient(left: bigint, right: bigint): bigint {
  spendSteps(bitLength(left));
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

/**
 * Divides floats by CPython's algorithm (`_float_div_mod`). It is exact in cases where
 * `Math.floor(a / b)` has already been rounded.
 */
function floorDivideFloats(left: number, right: number): number {
  const remainder = left % right;
  const below = remainder !== 0 && remainder < 0 !== right < 0 ? 1 : 0;
  const quotient = (left - remainder) / right - below;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** Returns the remainder, with the sign of the divisor. */
export function modulo(left: Numeric, right: Numeric): Numeric {
  refuseZero(right);
  if ((typeof left === 'bigint' || typeof right === 'bigint') && isWhole(left) && isWhole(right)) {
    const divisor = BigInt(right);
    return bounded(BigInt(left) - floorQuotient(BigInt(left), divisor) * divisor);
  }
  return moduloFloats(toFloat(left), toFloat(right));
}

function moduloFloats(left: number, right: number): number {
  const remainder = left % right;
  return remainder !== 0 && remainder < 0 !== right < 0 ? remainder + right : remainder;
}

/**
 * Returns `left ** right`. It is whole if the base is whole and the exponent is whole and not
 * negative.
 */
export function power(left: Numeric, right: Numeric): Numeric {
  if (isWhole(left) && isWhole(right) && right >= 0) {
    spendSteps(STEPS_PER_BIGINT);
    const base = BigInt(left);
    // The powers of 0, 1 and -1 do not grow, so even a huge exponent costs nothing.
    if (base === 0n || base === 1n) return right === 0 ? 1 : Number(base);
    if (base === -1n) return BigInt(right) % 2n === 0n ? 1 : -1;
    if (right === 0) return 1;
    if (right === 1) return left;
    const bits = bitLength(base);
    spendSteps(bits);
    if (right > MAX_BITS || (bits - 3) * Number(right) > MAX_BITS + 4) tooLarge();
    return bounded(base ** BigInt(right));
  }
  const [base, exponent] = [toFloat(left), toFloat(right)];
  // In C's pow, and so in Python, 1 to any power is 1, and so is -1 to an infinite power. JavaScript
  // returns NaN.
  if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) return 1;
  if (base === 0 && exponent < 0 && exponent !== -Infinity) {
    throw new RuleFault('zero-division', "0 can't be raised to a negative power");
  }
  if (
    base < 0 &&
    Number.isFinite(base) &&
    !Number.isInteger(exponent) &&
    Number.isFinite(exponent)
  ) {
    throw new RuleFault(
      'type',
      'a negative number raised to a fraction is a complex number, which rules do not support',
    );
  }
  const result = base ** exponent;
  if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent)) {
    throw new RuleFault('limit', 'the result of ** is too large for a float');
  }
  return result;
}

function refuseZero(divisor: Numeric): void {
  if (divisor === 0 || divisor === 0n) {
    throw new RuleFault('zero-division', 'division by zero');
  }
}
