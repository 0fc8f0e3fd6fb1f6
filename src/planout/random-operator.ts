import { PlanoutError } from '../errors/planout-error.ts';
import { Arguments } from './arguments.ts';
import { Hashes, SEPARATOR } from './hashes.ts';

/** The value that identifies a unit, or a list of values. The order of a list matters. */
export type Unit = UnitPart | readonly UnitPart[];

/**
 * One value of a unit. An object needs its own `toString`, as an ObjectId has. A list is hashed as Python
 * writes it, such as `[1, 'a']`.
 */
export type UnitPart = string | number | bigint | boolean | object;

/** The arguments all random operators take. */
export interface DrawArguments {
  /** The unit to draw for. The order of a list matters. */
  readonly unit: Unit | undefined;
  /**
   * The text that keeps the draws of this parameter independent of other parameters in the experiment.
   * Parameters with the same salt and operator get the same result.
   *
   * @default the parameter's name
   */
  readonly salt?: string;
  /** Replaces the salts of the experiment and the parameter. */
  readonly full_salt?: string;
}

/** The definition of a random operator. */
export interface RandomDefinition {
  /** The name in scripts: `uniformChoice`. */
  readonly name: string;
  /** The arguments that must be given. */
  readonly required: readonly string[];
  /** Draws a value. Throws PlanoutError `operator` for invalid arguments. */
  readonly draw: (args: Arguments, hashes: Hashes) => unknown;
}

/** Marks operators, so that every loaded copy of the package recognises them. */
const BRAND = Symbol.for('evenhand/planout-operator');

/**
 * A random operator with its arguments. It draws when it is assigned to a parameter, whose name is the
 * salt.
 */
export class RandomOperator {
  readonly [BRAND] = true;
  readonly #definition: RandomDefinition;
  readonly #args: Arguments;

  constructor(definition: RandomDefinition, args: Readonly<Record<string, unknown>>) {
    this.#definition = definition;
    this.#args = new Arguments(definition.name, args);
  }

  /**
   * Draws a value.
   *
   * @param parameter the salt when the arguments contain none; if undefined, the arguments must
   * @param separator the text between the parameter's salt and the unit
   * @throws PlanoutError `operator` for invalid arguments
   */
  draw(
    experimentSalt: string,
    parameter: string | undefined,
    separator: string = SEPARATOR,
  ): unknown {
    const hashes = new Hashes(this.#args, experimentSalt, parameter, separator);
    return this.#definition.draw(this.#args, hashes);
  }

  /** Throws when code compares, prints or calculates with the operator instead of the drawn value. */
  [Symbol.toPrimitive](): never {
    throw new PlanoutError('operator', 'has no value yet; assign it to a parameter first', {
      operator: this.#definition.name,
    });
  }
}

/** Tells whether a value is a random operator, created by any copy of the package. */
export function isRandomOperator(value: unknown): value is RandomOperator {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/**
 * Returns the operator for a function such as `uniformChoice`. These functions declare the type of the
 * drawn value, because that is the type of `params.color` after `params.color = uniformChoice(…)`.
 */
export function operatorOf(definition: RandomDefinition, args: DrawArguments): unknown {
  if (typeof args !== 'object' || args === null) {
    throw new PlanoutError('operator', 'takes its arguments as one object', {
      operator: definition.name,
    });
  }
  return new RandomOperator(definition, { ...args });
}
