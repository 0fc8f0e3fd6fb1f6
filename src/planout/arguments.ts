import { PlanoutError } from '../errors/planout-error.ts';
import { showValue } from '../errors/show-value.ts';

/**
 * The arguments of one operator. Each is checked when it is read. Booleans count as the numbers 0 and 1,
 * as in Python.
 */
export class Arguments {
  /** The operator's name, for messages. */
  readonly operator: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(operator: string, values: Readonly<Record<string, unknown>>) {
    this.operator = operator;
    this.#values = values;
  }

  /** Tells whether an argument is given. An undefined argument counts as missing. */
  has(parameter: string): boolean {
    return this.#values[parameter] !== undefined && Object.hasOwn(this.#values, parameter);
  }

  /** Returns an argument of any type. @throws PlanoutError `operator` if it is missing */
  any(parameter: string): unknown {
    const value = Object.hasOwn(this.#values, parameter) ? this.#values[parameter] : undefined;
    if (value === undefined) this.refuse(parameter, `${parameter} is missing`);
    return value;
  }

  /** Returns the arguments except the named ones, unchecked. */
  without(names: ReadonlySet<string>): Record<string, unknown> {
    const rest: Record<string, unknown> = Object.create(null);
    for (const [name, value] of Object.entries(this.#values)) {
      if (!names.has(name)) rest[name] = value;
    }
    return rest;
  }

  /** Returns an argument that is a list. @throws PlanoutError `operator` */
  list(parameter: string): readonly unknown[] {
    const value = this.any(parameter);
    if (!Array.isArray(value)) {
      this.refuse(parameter, `${parameter} must be a list, not ${showValue(value)}`);
    }
    return value;
  }

  /** Returns an argument that is a finite number. @throws PlanoutError `operator` */
  number(parameter: string): number {
    return this.toNumber(parameter, this.any(parameter));
  }

  /** Returns a part of an argument as a finite number. @throws PlanoutError `operator` */
  toNumber(parameter: string, value: unknown, name = parameter): number {
    const number = typeof value === 'boolean' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isFinite(number)) {
      this.refuse(parameter, `${name} must be a finite number, not ${showValue(value)}`);
    }
    return number;
  }

  /** Returns an argument that is a whole number, exact in JavaScript. @throws PlanoutError `operator` */
  whole(parameter: string): number {
    const number = this.number(parameter);
    if (!Number.isSafeInteger(number)) {
      this.refuse(parameter, `${parameter} must be a whole number below 2^53, not ${number}`);
    }
    return number;
  }

  /** Returns an argument that is a probability, [0, 1]. @throws PlanoutError `operator` */
  probability(parameter: string): number {
    const number = this.number(parameter);
    if (number < 0 || number > 1) {
      this.refuse(parameter, `${parameter} must be a probability from 0 to 1, not ${number}`);
    }
    return number;
  }

  /** Returns an argument that is a string. @throws PlanoutError `operator` */
  string(parameter: string): string {
    const value = this.any(parameter);
    if (typeof value !== 'string') {
      this.refuse(parameter, `${parameter} must be a string, not ${showValue(value)}`);
    }
    return value;
  }

  /** @throws PlanoutError `operator` always */
  refuse(parameter: string, reason: string): never {
    throw new PlanoutError('operator', reason, { operator: this.operator, parameter });
  }
}
