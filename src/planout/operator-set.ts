import type { OptionCheck } from '../options/check-options.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { showValue } from '../errors/show-value.ts';
import type { JsonValue } from '../json/value.ts';
import type { RandomDefinition } from './random-operator.ts';

/** The arguments of a custom operator by their names: evaluated, and frozen copies. */
export type OperatorArguments = Readonly<Record<string, JsonValue>>;

/** A custom operator in its final form. */
export interface CustomOperator {
  readonly name: string;
  /** The arguments that a script must give. */
  readonly required: readonly string[];
  /** Computes the value; undefined for a random operator. */
  readonly run: ((args: OperatorArguments) => unknown) | undefined;
  /** Undefined for an operator that does not draw. */
  readonly random: RandomDefinition | undefined;
}

/** Marks sets of operators, so that every loaded copy of the package recognises them. */
const BRAND = Symbol.for('evenhand/planout-operators');

/** An immutable set of custom operators, for the option `operators`. Created by `registerOperators`. */
export interface OperatorSet {
  /** The names of the operators, in the order of their registration. */
  readonly names: readonly string[];
  /** @internal */
  readonly operators: ReadonlyMap<string, CustomOperator>;
}

/**
 * The operators that a script may use besides PlanOut's own: a set, or none. With `any`, a script may
 * call every name, and a call of an unknown operator fails when the script runs. That is for work that
 * runs no script, such as replaying histories.
 */
export type KnownOperators = OperatorSet | 'any' | undefined;

/** Returns an immutable set of operators. */
export function operatorSet(operators: ReadonlyMap<string, CustomOperator>): OperatorSet {
  const names = Object.freeze([...operators.keys()]);
  return Object.freeze({ [BRAND]: true, names, operators });
}

/** Returns true for a set of operators, created by any copy of the package. */
export function isOperatorSet(value: unknown): value is OperatorSet {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/** The check of the option `operators`. */
export const operatorsCheck: OptionCheck = {
  expected: 'a set from registerOperators()',
  accepts: isOperatorSet,
};

/** @throws OptionError `option` if the option `operators` is neither undefined nor a set */
export function checkOperators(operators: unknown): asserts operators is OperatorSet | undefined {
  if (operators === undefined || isOperatorSet(operators)) return;
  throw new OptionError(
    `operators must be ${operatorsCheck.expected}, not ${showValue(operators)}`,
  );
}
