import { bounded, type Numeric, tooLarge } from './arithmetic.ts';
import { spendSteps } from './budget.ts';
import { RuleFault } from './fault.ts';
import { MAX_BITS } from './limits.ts';

/** The operators on the bits of whole numbers. */
export type BitOperator = '&' | '|' | '^' | '<<' | '>>';

/** The cost of a bit operator, in steps: most of it is the conversion to bigint. */
const STEPS_PER_BITS = 20;

/**
 * Applies Python's bit operators to whole numbers of any size. Negative numbers are in two's
 * complement.
 */
export function bitwise(operator: BitOperator, left: Numeric, right: Numeric): Numeric {
  spendSteps(STEPS_PER_BITS);
  const [a, b] = [BigInt(left), BigInt(right)];
  switch (operator) {
    case '&':
      return bounded(a & b);
    case '|':
      return bounded(a | b);
    case '^':
      return bounded(a ^ b);
    case '<<':
      refuseNegativeShift(b);
      if (a === 0n) return 0;
      if (b > BigInt(MAX_BITS)) tooLarge();
      return bounded(a << b);
    case '>>':
      refuseNegativeShift(b);
      // Beyond all bits only the sign is left. A huge count must not reach BigInt's own shift.
      return bounded(a >> (b > BigInt(2 * MAX_BITS) ? BigInt(2 * MAX_BITS) : b));
  }
}

/** `~value` */
export function invert(value: Numeric): Numeric {
  return bounded(~BigInt(value));
}

function refuseNegativeShift(count: bigint): void {
  if (count < 0n) throw new RuleFault('type', 'a shift count must not be negative');
}
