import { answerTo } from './answers.ts';
import { MISSING } from '../values/attributes.ts';
import { attributeReaderOf, noAttribute } from './compile-path.ts';
import type { Evaluate } from './evaluate.ts';
import { itemAt, slice } from '../values/sequences.ts';
import { truthOf } from '../values/truth.ts';

/**
 * Builds the closures of operations, each in its own function. V8 lets a closure keep every
 * variable that a sibling closure uses, and the closures must not keep a rule's tree.
 */

/** Returns the same value each time. */
export function always(value: unknown): Evaluate {
  return () => value;
}

/** Reads a variable of a comprehension by its slot. */
export function readLocal(slot: number): Evaluate {
  return (_context, locals) => locals[slot];
}

/** Reads the participant's variant of another experiment. */
export function readPrerequisite(experiment: string): Evaluate {
  return () => answerTo(experiment);
}

/** `object.name` */
export function readAttribute(object: Evaluate, name: string): Evaluate {
  const read = attributeReaderOf(name);
  return (context, locals) => {
    const owner = object(context, locals);
    const value = read(owner);
    if (value === MISSING) throw noAttribute(owner, name);
    return value;
  };
}

/** `object[index]` */
export function readItem(object: Evaluate, index: Evaluate): Evaluate {
  return (context, locals) => itemAt(object(context, locals), index(context, locals));
}

/** `object[lower:upper:step]` */
export function readSlice(
  object: Evaluate,
  lower: Evaluate,
  upper: Evaluate,
  step: Evaluate,
): Evaluate {
  return (context, locals) =>
    slice(
      object(context, locals),
      lower(context, locals),
      upper(context, locals),
      step(context, locals),
    );
}

/** `not operand` */
export function negate(operand: Evaluate): Evaluate {
  return (context, locals) => !truthOf(operand(context, locals));
}

/** Applies a sign to its operand. */
export function applyUnary(operate: (operand: unknown) => unknown, operand: Evaluate): Evaluate {
  return (context, locals) => operate(operand(context, locals));
}

/** Applies an operator to its two operands. */
export function applyBinary(
  operate: (left: unknown, right: unknown) => unknown,
  left: Evaluate,
  right: Evaluate,
): Evaluate {
  return (context, locals) => operate(left(context, locals), right(context, locals));
}

/** `consequent if test else alternate` */
export function choose(test: Evaluate, consequent: Evaluate, alternate: Evaluate): Evaluate {
  return (context, locals) =>
    truthOf(test(context, locals)) ? consequent(context, locals) : alternate(context, locals);
}

/** Joins operands by `and` or `or`. The result is the operand that decided, as in Python. */
export function joinLogically(kind: 'and' | 'or', operands: readonly Evaluate[]): Evaluate {
  const [first, second] = operands;
  if (operands.length !== 2 || first === undefined || second === undefined) {
    return joinAll(kind === 'or', operands);
  }
  return kind === 'or' ? either(first, second) : both(first, second);
}

function both(first: Evaluate, second: Evaluate): Evaluate {
  return (context, locals) => {
    const value = first(context, locals);
    return truthOf(value) ? second(context, locals) : value;
  };
}

function either(first: Evaluate, second: Evaluate): Evaluate {
  return (context, locals) => {
    const value = first(context, locals);
    return truthOf(value) ? value : second(context, locals);
  };
}

function joinAll(decides: boolean, operands: readonly Evaluate[]): Evaluate {
  return (context, locals) => {
    let value: unknown;
    for (const operand of operands) {
      value = operand(context, locals);
      if (truthOf(value) === decides) break;
    }
    return value;
  };
}
