import { OptionError } from '../errors/usage-errors.ts';
import { isRandomOperator } from './random-operator.ts';
import { showValue } from '../errors/show-value.ts';

/** Widens a literal's type to the type of a variable: the default `'OK'` has the type `string`. */
export type Widened<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T;

/**
 * The parameters of one unit in one experiment, in the order of their first assignment. Assigning an
 * operator draws from it immediately.
 */
export class Assignment {
  /** The text that keeps the draws of this experiment independent of other experiments. */
  readonly experimentSalt: string;
  readonly #values = new Map<string, unknown>();
  /** Undefined when nothing is overridden, which saves a Set in most assignments. */
  #overridden: Set<string> | undefined;

  /** @throws OptionError `option` if the salt is not a string */
  constructor(experimentSalt: string) {
    if (typeof experimentSalt !== 'string') {
      throw new OptionError(
        `Assignment takes the experiment's salt as a string, not ${showValue(experimentSalt)}`,
      );
    }
    this.experimentSalt = experimentSalt;
  }

  /**
   * Assigns a value. For an operator, draws a value with the parameter's name as the salt. An overridden
   * parameter keeps its value.
   *
   * @throws PlanoutError `operator` for invalid arguments of an operator
   */
  set(parameter: string, value: unknown): void {
    if (this.isOverridden(parameter)) return;
    const drawn = isRandomOperator(value) ? value.draw(this.experimentSalt, parameter) : value;
    this.#values.set(parameter, drawn);
  }

  /** Returns a parameter's value; the default, or undefined, if it has none. */
  get(parameter: string): unknown;
  get<D>(parameter: string, fallback: D): Widened<D>;
  get(parameter: string, fallback?: unknown): unknown {
    const value = this.#values.get(parameter);
    return value === undefined && !this.#values.has(parameter) ? fallback : value;
  }

  /** Tells whether a parameter is assigned or overridden. */
  has(parameter: string): boolean {
    return this.#values.has(parameter);
  }

  /** Tells whether a parameter is overridden. */
  isOverridden(parameter: string): boolean {
    return this.#overridden !== undefined && this.#overridden.has(parameter);
  }

  /** Sets parameters to values that no assignment changes, for tests and previews. */
  setOverrides(overrides: Readonly<Record<string, unknown>>): void {
    for (const [parameter, value] of Object.entries(overrides)) {
      this.#overridden ??= new Set();
      this.#overridden.add(parameter);
      this.#values.set(parameter, value);
    }
  }

  /** Returns all parameters with their values, as a new object. */
  getParams(): Record<string, unknown> {
    return Object.fromEntries(this.#values);
  }
}
