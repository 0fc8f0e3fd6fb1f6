import { OptionError } from '../errors/usage-errors.ts';
import { quote, showValue } from '../errors/show-value.ts';
import { isObject } from '../options/check-options.ts';
import { isName } from './language/lexer.ts';
import { operatorOf, type DrawArguments } from './random-operator.ts';
import { BUILT_IN_OPERATORS, LITERAL } from './script/built-in-operators.ts';
import { type CustomDraw, randomDefinition } from './custom/custom-random.ts';
import {
  type CustomOperator,
  type OperatorArguments,
  type OperatorSet,
  operatorSet,
} from './operator-set.ts';

/** A pure function of its arguments. A call with one unnamed value has the argument `value`. */
export type OperatorFunction = CustomCalculation['run'];

/** An operator that computes a value from its arguments. */
export interface CustomCalculation {
  /**
   * The arguments that must be given. A script without them is refused when it is loaded.
   *
   * @default none
   */
  readonly required?: readonly string[] | undefined;
  /**
   * Returns the value: JSON. It must depend on the arguments only: no clock, no random numbers.
   *
   * @param args frozen copies of the evaluated arguments; an argument that is not given is undefined
   */
  run(args: OperatorArguments): unknown;
}

/** A custom operator: a function, a function with required arguments, or a random operator. */
export type OperatorDefinition = OperatorFunction | CustomCalculation | CustomDraw;

/**
 * Returns an immutable set of operators that scripts can call besides PlanOut's own, for the option
 * `operators` of `Interpreter`, `parseScript`, `defineExperiment`, `createClient()` and `evenhand()`.
 * Nothing is registered globally, so two experiments can use different operators of the same name.
 *
 * ```ts
 * const operators = registerOperators({
 *   tripled: ({ value }) => 3 * Number(value),
 *   page: { required: ['pages'], draw: ({ pages }, hash) => hash.remainder(Number(pages)) },
 * });
 * new Interpreter('x = tripled(4); y = page(pages=7, unit=userid);', { operators, inputs });
 * ```
 *
 * The same arguments must always give the same value, in every process: a changed function moves units.
 * Register a changed function under another name.
 *
 * @param definitions the operators by the names that scripts use
 * @throws OptionError `option` for a name that scripts can't call or that PlanOut has, and for anything
 *   that is not an operator
 */
export function registerOperators(
  definitions: Readonly<Record<string, OperatorDefinition>>,
): OperatorSet {
  if (!isObject(definitions)) {
    throw new OptionError(
      `registerOperators() takes an object of functions, not ${showValue(definitions)}`,
    );
  }
  const operators = new Map<string, CustomOperator>();
  for (const [name, definition] of Object.entries(definitions)) {
    operators.set(name, toOperator(name, definition));
  }
  return operatorSet(operators);
}

/**
 * Returns a function that draws with a custom random operator in code, like `uniformChoice`:
 *
 * ```ts
 * const page = defineRandomOperator('page', {
 *   required: ['pages'],
 *   draw: ({ pages }, hash) => hash.remainder(Number(pages)),
 * });
 * params.page = page({ pages: 7, unit: userid });
 * ```
 *
 * @param name the operator's name, for messages
 * @throws OptionError `option` for anything that is not a random operator
 */
export function defineRandomOperator<T>(
  name: string,
  definition: CustomDraw<T>,
): (args: DrawArguments & Readonly<Record<string, unknown>>) => T {
  const { random } = toOperator(name, definition);
  if (random === undefined) refuse(name, 'needs "draw", a function of arguments and a hash');
  return (args) => operatorOf(random, args) as T;
}

function toOperator(name: string, definition: unknown): CustomOperator {
  if (!isName(name)) {
    refuse(name, 'is not a name that scripts can call; use letters, digits and underscores');
  }
  if (name === LITERAL || BUILT_IN_OPERATORS.has(name)) {
    refuse(name, "is one of PlanOut's operators, which can't be replaced; use another name");
  }
  if (typeof definition === 'function') {
    const run = definition as OperatorFunction;
    return operator({ name, required: [], run: ownFunction(name, run), random: undefined });
  }
  if (!isObject(definition)) {
    refuse(
      name,
      `must be a function, or an object with "run" or "draw", not ${showValue(definition)}`,
    );
  }
  const { run, draw, required = [], ...others } = definition;
  const [other] = Object.keys(others);
  if (other !== undefined) refuse(name, `has the unknown property ${quote(other)}`);
  if (!Array.isArray(required) || !required.every((one) => typeof one === 'string')) {
    refuse(name, `must list the names of arguments as "required", not ${showValue(required)}`);
  }
  if ((typeof run === 'function') === (typeof draw === 'function')) {
    refuse(name, 'needs either a function "run" or a function "draw"');
  }
  const names = Object.freeze([...required]);
  if (typeof run === 'function') {
    const calculate = ownFunction(name, run as OperatorFunction);
    return operator({ name, required: names, run: calculate, random: undefined });
  }
  const own = { draw: ownFunction(name, draw as CustomDraw['draw']) };
  const random = randomDefinition(name, names, own);
  return operator({ name, required: random.required, run: undefined, random });
}

/** Copies the properties, because the definition may be changed later. */
function operator(made: CustomOperator): CustomOperator {
  return Object.freeze(made);
}

/** Refuses classes, which PlanOut's own libraries register. */
function ownFunction<F extends (...args: never) => unknown>(name: string, given: F): F {
  if (/^class\b/.test(Function.prototype.toString.call(given))) {
    refuse(name, 'is a class; pass a function of its arguments: (args) => value');
  }
  return given;
}

function refuse(name: string, reason: string): never {
  throw new OptionError(`registerOperators(): ${quote(name)} ${reason}`);
}
