import { PlanoutError } from '../errors/planout-error.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { SEPARATOR } from './hashes.ts';
import { pythonText } from './python-text.ts';
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

/** The options of an {@link Assignment}. */
export interface AssignmentOptions {
  /**
   * The text between a parameter's salt and the unit in the hashed text; `salt_sep` of PlanOut's
   * reference. An assignment to `salt_sep` replaces it.
   *
   * @default '.'
   */
  readonly saltSeparator?: string | undefined;
}

/** The name whose assignment changes the experiment's salt of the draws that follow. */
export const EXPERIMENT_SALT = 'experiment_salt';

/** The name whose assignment changes the text between a parameter's salt and the unit. */
export const SALT_SEPARATOR = 'salt_sep';

/** Returns true if assigning the name changes later draws and creates no parameter, as in PlanOut. */
export function isSaltName(name: string): boolean {
  return name === EXPERIMENT_SALT || name === SALT_SEPARATOR;
}

/** @throws OptionError `option` for a separator that is not a string */
export function checkSeparator(separator: unknown): asserts separator is string {
  if (typeof separator === 'string') return;
  throw new OptionError(`saltSeparator must be a string, not ${showValue(separator)}`);
}

/**
 * The parameters of one unit in one experiment, in the order of their first assignment. Assigning an
 * operator draws from it immediately.
 */
export class Assignment {
  /** The value of `experiment_salt`: a string, unless the assignment replaces it. */
  #salt: unknown;
  #saltText: string;
  #separator: string;
  readonly #values = new Map<string, unknown>();
  /** Undefined when nothing is overridden, which saves a Set in most assignments. */
  #overridden: Set<string> | undefined;

  /** @throws OptionError `option` if the salt or its separator is not a string */
  constructor(experimentSalt: string, { saltSeparator = SEPARATOR }: AssignmentOptions = {}) {
    if (typeof experimentSalt !== 'string') {
      throw new OptionError(
        `Assignment takes the experiment's salt as a string, not ${showValue(experimentSalt)}`,
      );
    }
    checkSeparator(saltSeparator);
    this.#salt = experimentSalt;
    this.#saltText = experimentSalt;
    this.#separator = saltSeparator;
  }

  /** The text that keeps the draws of this experiment independent of other experiments. */
  get experimentSalt(): string {
    return this.#saltText;
  }

  /** The text between a parameter's salt and the unit. */
  get separator(): string {
    return this.#separator;
  }

  /**
   * Assigns a value. For an operator, draws a value with the parameter's name as the salt. An overridden
   * parameter keeps its value. The names `experiment_salt` and `salt_sep` change the draws that follow
   * instead, as in PlanOut.
   *
   * @throws PlanoutError `operator` for invalid arguments of an operator, or a salt without a text
   */
  set(parameter: string, value: unknown): void {
    if (isSaltName(parameter)) return this.#setSalt(parameter, value);
    if (this.isOverridden(parameter)) return;
    const drawn = isRandomOperator(value)
      ? value.draw(this.#saltText, parameter, this.#separator)
      : value;
    this.#values.set(parameter, drawn);
  }

  #setSalt(name: string, value: unknown): void {
    const text = isRandomOperator(value) ? undefined : pythonText(value);
    if (text === undefined) {
      const reason = `${name} must be a string or other JSON, not ${showValue(value)}`;
      throw new PlanoutError('operator', reason, { operator: 'set', parameter: 'value' });
    }
    if (name === SALT_SEPARATOR) this.#separator = text;
    else [this.#salt, this.#saltText] = [value, text];
  }

  /**
   * Returns a parameter's value; the default, or undefined, if it has none. `experiment_salt` is the
   * current salt.
   */
  get(parameter: string): unknown;
  get<D>(parameter: string, fallback: D): Widened<D>;
  get(parameter: string, fallback?: unknown): unknown {
    if (parameter === EXPERIMENT_SALT) return this.#salt;
    const value = this.#values.get(parameter);
    return value === undefined && !this.#values.has(parameter) ? fallback : value;
  }

  /** Tells whether a parameter is assigned or overridden. */
  has(parameter: string): boolean {
    return this.#values.has(parameter) || parameter === EXPERIMENT_SALT;
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
    const params: Record<string, unknown> = Object.fromEntries(this.#values);
    // As in PlanOut's reference, an override of the salt is a parameter, and has the salt as its value.
    if (this.isOverridden(EXPERIMENT_SALT)) params[EXPERIMENT_SALT] = this.#salt;
    return params;
  }
}
