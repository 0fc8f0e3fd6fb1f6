import { OptionError } from '../../errors/usage-errors.ts';
import { Assignment, type Widened } from '../assignment.ts';
import { showValue } from '../../errors/show-value.ts';
import { checkOperators, type OperatorSet } from '../operator-set.ts';
import type { ParseScriptOptions } from './parse-script.ts';
import { readScript } from './read-script.ts';
import { Script, type ScriptInspection } from './script.ts';

/** The salt of scripts that run without one, as in PlanOut's reference. */
const DEFAULT_SALT = 'global_salt';

/** The options of an {@link Interpreter}. */
export interface InterpreterOptions {
  /**
   * The experiment's salt.
   *
   * @default 'global_salt'
   */
  readonly salt?: string | undefined;
  /**
   * The text between a parameter's salt and the unit in the hashed text; `salt_sep` of PlanOut's
   * reference. A script that sets `salt_sep` replaces it.
   *
   * @default '.'
   */
  readonly saltSeparator?: string | undefined;
  /** Values that the script reads and does not assign: `{ userid: 4 }`. */
  readonly inputs?: object | undefined;
  /** Parameter values that no assignment changes. */
  readonly overrides?: Readonly<Record<string, unknown>> | undefined;
  /**
   * The operators that source text or JSON may call besides PlanOut's own, from `registerOperators`. A
   * script from `parseScript` keeps the operators it was parsed with.
   *
   * @default none
   */
  readonly operators?: OperatorSet | undefined;
}

/**
 * Returns a script from source text in PlanOut's language or from parsed JSON. Returns a script unchanged.
 *
 * @throws PlanoutError `script` or `operator`
 * @throws OptionError `option` for operators that are not a set from `registerOperators`
 */
export function toScript(script: unknown, operators: OperatorSet | undefined): Script {
  checkOperators(operators);
  if (script instanceof Script) return script;
  return readScript(script, operators);
}

/**
 * Returns the names in a script without running it: its inputs, units and parameters.
 *
 * @param script source text in PlanOut's language, parsed JSON, or a script from `parseScript`
 * @throws PlanoutError `script` or `operator` for an invalid script
 */
export function inspectScript(
  script: unknown,
  { operators }: ParseScriptOptions = {},
): ScriptInspection {
  return toScript(script, operators).inspection;
}

/** One run of a script. The script runs once, on the first read. */
export class Interpreter {
  readonly #script: Script;
  readonly #assignment: Assignment;
  readonly #inputs: Readonly<Record<string, unknown>>;
  #inExperiment: boolean | undefined;

  /**
   * @param script a script from `parseScript`, source text in PlanOut's language, or parsed JSON
   * @throws PlanoutError `script` or `operator` for an invalid script
   * @throws OptionError `option` for invalid options
   */
  constructor(
    script: unknown,
    {
      salt = DEFAULT_SALT,
      saltSeparator,
      inputs = {},
      overrides = {},
      operators,
    }: InterpreterOptions = {},
  ) {
    this.#script = toScript(script, operators);
    if (typeof inputs !== 'object' || inputs === null) {
      throw new OptionError(`a script takes its inputs as an object, not ${showValue(inputs)}`);
    }
    this.#assignment = new Assignment(salt, { saltSeparator });
    this.#assignment.setOverrides(overrides);
    this.#inputs = Object.fromEntries(Object.entries(inputs));
  }

  /** True if the unit is in the experiment. False only if the script returns a false value. */
  get inExperiment(): boolean {
    this.#inExperiment ??= this.#script.run(this.#assignment, this.#inputs);
    return this.#inExperiment;
  }

  /** Returns all parameters, as a new object. @throws PlanoutError `operator` or `script` */
  getParams(): Record<string, unknown> {
    this.#run();
    return this.#assignment.getParams();
  }

  /**
   * Returns a parameter; if there is none, an input; otherwise the default.
   *
   * @throws PlanoutError `operator` or `script`
   */
  get(name: string): unknown;
  get<D>(name: string, fallback: D): Widened<D>;
  get(name: string, fallback?: unknown): unknown {
    this.#run();
    const input = Object.hasOwn(this.#inputs, name) ? this.#inputs[name] : fallback;
    return this.#assignment.get(name, input);
  }

  #run(): void {
    this.#inExperiment ??= this.#script.run(this.#assignment, this.#inputs);
  }
}
