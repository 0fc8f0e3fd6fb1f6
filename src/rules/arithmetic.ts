import { RuleFault } from './fault.ts';
import { MAX_BITS } from './limits.ts';

/**
 * Python's numbers on JavaScript's: a whole number is a `number` while it is safe and a `bigint`
 * beyond, so that it stays exact; everything else is a float. A float with a whole value counts as a
 * whole number, since JSON does not tell them apart.
 */
export type Numeric = number | bigint;

/** Whether a number is whole, in Python's sense of int. */
export function isWhole(value: Numeric): boolean {
  return typeof value === 'bigint' || Number.isSafeInteger(value);
}

/** The shortest form of a whole number. */
function normal(value: bigint): Numeric {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER
    ? Number(value)
    : value;
}

/** The result of a calculation on whole numbers, refused where it has more than {@link MAX_BITS}. */
function bounded(value: bigint): Numeric {
  const short = normal(value);
  if (typeof short === 'bigint' && bitLength(short) > MAX_BITS) tooLarge();
  return short;
}

function tooLarge(): never {
  throw new RuleFault('limit', `a rule makes whole numbers of at most ${MAX_BITS} bits`);
}

function bitLength(value: bigint): number {
  return (value < 0n ? -value : value).toString(16).length * 4;
}

/** Calculates on floats, and where both are whole and the result is not safe, again exactly. */
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
    return onFloats(Number(left), Number(right));
  }
  return bounded(onWholes(BigInt(left), BigInt(right)));
}

export function add(left: Numeric, right: Numeric): Numeric {
  return exact(
    left,
    right,
    (a, b) => a + b,
    (a, b) => a + b,
  );
}

export function subtract(left: Numeric, right: Numeric): Numeric {
  return exact(
    left,
    right,
    (a, b) => a - b,
    (a, b) => a - b,
  );
}

export function multiply(left: Numeric, right: Numeric): Numeric {
  return exact(
    left,
    right,
    (a, b) => a * b,
    (a, b) => a * b,
  );
}

export function negate(value: Numeric): Numeric {
  // Python's whole numbers have no -0.
  return typeof value === 'bigint' ? normal(-value) : 0 - value;
}

/** True division: always a float. */
export function divide(left: Numeric, right: Numeric): Numeric {
  refuseZero(right);
  const quotient = Number(left) / Number(right);
  if (!Number.isFinite(quotient) && (typeof left === 'bigint' || typeof right === 'bigint')) {
    throw new RuleFault('limit', 'the whole number is too large for a division');
  }
  return quotient;
}

/** Floor division: rounds down, not toward zero. */
export function floorDivide(left: Numeric, right: Numeric): Numeric {
  refuseZero(right);
  if (typeof left === 'bigint' || typeof right === 'bigint') {
    if (isWhole(left) && isWhole(right)) return normal(floorQuotient(BigInt(left), BigInt(right)));
  }
  return floorDivideFloats(Number(left), Number(right));
}

function floorQuotient(left: bigint, right: bigint): bigint {
  const quotient = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
}

/** CPython's algorithm (`float_divmod`): exact where `Math.floor(a / b)` has rounded already. */
function floorDivideFloats(left: number, right: number): number {
  const remainder = moduloFloats(left, right);
  const quotient = (left - remainder) / right;
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** The remainder with the divisor's sign. */
export function modulo(left: Numeric, right: Numeric): Numeric {
  refuseZero(right);
  if (typeof left === 'bigint' || typeof right === 'bigint') {
    if (isWhole(left) && isWhole(right)) {
      const divisor = BigInt(right);
      return normal(BigInt(left) - floorQuotient(BigInt(left), divisor) * divisor);
    }
  }
  return moduloFloats(Number(left), Number(right));
}

function moduloFloats(left: number, right: number): number {
  const remainder = left % right;
  return remainder !== 0 && remainder < 0 !== right < 0 ? remainder + right : remainder;
}

/** `left ** right`: whole for a whole base and a whole exponent from 0 on. */
export function power(left: Numeric, right: Numeric): Numeric {
  if (isWhole(left) && isWhole(right) && right >= 0) {
    const base = BigInt(left);
    // Bases that do not grow may have any exponent, and a huge one costs nothing.
    if (base === 0n || base === 1n) return right === 0 ? 1 : Number(base);
    if (base === -1n) return BigInt(right) % 2n === 0n ? 1 : -1;
    if (right > MAX_BITS || (bitLength(base) - 3) * Number(right) > MAX_BITS + 4) tooLarge();
    return bounded(base ** BigInt(right));
  }
  const [base, exponent] = [Number(left), Number(right)];
  if (base === 0 && exponent < 0) {
    throw new RuleFault('zero-division', '0 has no negative power');
  }
  if (
    base < 0 &&
    Number.isFinite(base) &&
    !Number.isInteger(exponent) &&
    Number.isFinite(exponent)
  ) {
    throw new RuleFault('type', 'a negative number to a broken power is a complex number');
  }
  const result = base ** exponent;
  if (!Number.isFinite(result) && Number.isFinite(base) && Number.isFinite(exponent)) {
    throw new RuleFault('limit', 'the power is too large for a float');
  }
  return result;
}

/** The operators on the bits of whole numbers. */
export type BitOperator = '&' | '|' | '^' | '<<' | '>>';

/** Python's bit operators, on whole numbers of any size, negative ones in two's complement. */
export function bitwise(operator: BitOperator, left: Numeric, right: Numeric): Numeric {
  const [a, b] = [BigInt(left), BigInt(right)];
  switch (operator) {
    case '&':
      return normal(a & b);
    case '|':
      return normal(a | b);
    case '^':
      return normal(a ^ b);
    case '<<':
      refuseNegativeShift(b);
      if (a === 0n) return 0;
      if (b > BigInt(MAX_BITS)) tooLarge();
      return bounded(a << b);
    case '>>':
      refuseNegativeShift(b);
      // Beyond all bits only the sign is left; a huge count must not reach BigInt's own shift.
      return normal(a >> (b > BigInt(2 * MAX_BITS) ? BigInt(2 * MAX_BITS) : b));
  }
}

/** `~value` */
export function invert(value: Numeric): Numeric {
  return normal(~BigInt(value));
}

function refuseZero(divisor: Numeric): void {
  if (divisor === 0 || divisor === 0n) {
    throw new RuleFault('zero-division', 'division by zero');
  }
}

function refuseNegativeShift(count: bigint): void {
  if (count < 0n) throw new RuleFault('type', 'a shift count must not be negative');
}
