import { OptionError } from '../errors/usage-errors.ts';
import { isRandomOperator } from './random-operator.ts';
import { showValue } from '../errors/show-value.ts';

/** A literal's type as a variable's: of the default `'OK'`, `string`. */
export type Widened<T> = T extends string
  ? string
  : T extends number
    ? number
    : T extends boolean
      ? boolean
      : T;

/**
 * The parameters of one unit in one experiment, in the order they were first assigned. An operator
 * assigned is drawn at once.
 */
export class Assignment {
  /** What tells this experiment's draws from others'. */
  readonly experimentSalt: string;
  readonly #values = new Map<string, unknown>();
  /** Most assignments have none. */
  #overridden: Set<string> | undefined;

  /** @throws OptionError `option` where the salt is no string */
  constructor(experimentSalt: string) {
    if (typeof experimentSalt !== 'string') {
      throw new OptionError(
        `Assignment takes the experiment's salt, not ${showValue(experimentSalt)}`,
      );
    }
    this.experimentSalt = experimentSalt;
  }

  /**
   * Assigns a value, or what an operator draws with the parameter's name as its salt. A parameter that
   * is overridden keeps the value it has.
   *
   * @throws PlanoutError `operator` for bad arguments of an operator
   */
  set(parameter: string, value: unknown): void {
    if (this.isOverridden(parameter)) return;
    const drawn = isRandomOperator(value) ? value.draw(this.experimentSalt, parameter) : value;
    this.#values.set(parameter, drawn);
  }

  /** A parameter's value; the default, or undefined, where it has none. */
  get(parameter: string): unknown;
  get<D>(parameter: string, fallback: D): Widened<D>;
  get(parameter: string, fallback?: unknown): unknown {
    const value = this.#values.get(parameter);
    return value === undefined && !this.#values.has(parameter) ? fallback : value;
  }

  /** Whether a parameter has been assigned or overridden. */
  has(parameter: string): boolean {
    return this.#values.has(parameter);
  }

  /** Whether a parameter is overridden. */
  isOverridden(parameter: string): boolean {
    return this.#overridden !== undefined && this.#overridden.has(parameter);
  }

  /** Gives parameters values that no assignment changes, for testing and for previews. */
  setOverrides(overrides: Readonly<Record<string, unknown>>): void {
    for (const [parameter, value] of Object.entries(overrides)) {
      this.#overridden ??= new Set();
      this.#overridden.add(parameter);
      this.#values.set(parameter, value);
    }
  }

  /** All parameters with their values, as a new object. */
  getParams(): Record<string, unknown> {
    return Object.fromEntries(this.#values);
  }
}
