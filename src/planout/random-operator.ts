import { PlanoutError } from '../errors/planout-error.ts';
import { Arguments } from './arguments.ts';
import { Hashes } from './hashes.ts';

/** What a unit is drawn by: a value that can tell units apart, or a list of them, in order. */
export type Unit = UnitPart | readonly UnitPart[];

/** One value of a unit; an object needs a `toString` of its own, as an ObjectId has. */
export type UnitPart = string | number | bigint | boolean | object;

/** The arguments all random operators take. */
export interface DrawArguments {
  /** Who or what is drawn for. The order of a list matters. */
  readonly unit: Unit | undefined;
  /**
   * What tells this parameter's draws from others' in the experiment: parameters of one salt and
   * operator get the same.
   *
   * @default the parameter's name
   */
  readonly salt?: string;
  /** Replaces both salts, the experiment's and the parameter's. */
  readonly full_salt?: string;
}

/** How one random operator checks its arguments and draws. */
export interface RandomDefinition {
  /** As in scripts: `uniformChoice`. */
  readonly name: string;
  /** The arguments it can't do without. */
  readonly required: readonly string[];
  /** Draws; throws PlanoutError `operator` for bad arguments. */
  readonly draw: (args: Arguments, hashes: Hashes) => unknown;
}

/** How an operator is told from a value, in any copy of the package. */
const BRAND = Symbol.for('evenhand/planout-operator');

/**
 * An operator with its arguments, not drawn yet: it is drawn when it is assigned to a parameter,
 * whose name is its salt.
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
   * Draws.
   *
   * @param parameter the salt where the arguments give none; without it, they must
   * @throws PlanoutError `operator` for bad arguments
   */
  draw(experimentSalt: string, parameter: string | undefined): unknown {
    const hashes = new Hashes(this.#args, experimentSalt, parameter);
    return this.#definition.draw(this.#args, hashes);
  }

  /** Refuses to be used like the value it is not yet: to be compared, printed or calculated with. */
  [Symbol.toPrimitive](): never {
    throw new PlanoutError('operator', 'is drawn only when it is assigned to a parameter', {
      operator: this.#definition.name,
    });
  }
}

/** Whether a value is an operator to be drawn, made by any copy of the package. */
export function isRandomOperator(value: unknown): value is RandomOperator {
  return typeof value === 'object' && value !== null && BRAND in value;
}

/**
 * An operator of what a function like `uniformChoice` is given. Those functions declare the type of
 * what is drawn, so that `params.color = uniformChoice(…)` has the type of the color: that is what is
 * there as soon as it is assigned.
 */
export function operatorOf(definition: RandomDefinition, args: DrawArguments): unknown {
  if (typeof args !== 'object' || args === null) {
    throw new PlanoutError('operator', 'takes its arguments as one object', {
      operator: definition.name,
    });
  }
  return new RandomOperator(definition, { ...args });
}
