import { OptionError } from '../../errors/usage-errors.ts';
import { Assignment, type Widened } from '../assignment.ts';
import { showValue } from '../../errors/show-value.ts';
import { readScript } from './read-script.ts';
import { Script } from './script.ts';

/** The salt of scripts that are run without one, as in PlanOut's reference. */
const DEFAULT_SALT = 'global_salt';

/** What an {@link Interpreter} runs a script with. */
export interface InterpreterOptions {
  /**
   * The experiment's salt.
   *
   * @default 'global_salt'
   */
  readonly salt?: string | undefined;
  /** What the script reads that is no parameter of its own: `{ userid: 4 }`. */
  readonly inputs?: object | undefined;
  /** Parameters that no assignment changes. */
  readonly overrides?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A script from source text in PlanOut's language, from parsed JSON, or as it is.
 *
 * @throws PlanoutError `script` or `operator`
 */
export function toScript(script: unknown): Script {
  if (script instanceof Script) return script;
  return readScript(script);
}

/** One run of a script. It is run once, when something is first asked. */
export class Interpreter {
  readonly #script: Script;
  readonly #assignment: Assignment;
  readonly #inputs: Readonly<Record<string, unknown>>;
  #inExperiment: boolean | undefined;

  /**
   * @param script one from `parseScript`, source text in PlanOut's language, or parsed JSON
   * @throws PlanoutError `script` or `operator` for a script that can't be read
   * @throws OptionError `option` for options that can't be meant
   */
  constructor(
    script: unknown,
    { salt = DEFAULT_SALT, inputs = {}, overrides = {} }: InterpreterOptions = {},
  ) {
    this.#script = toScript(script);
    if (typeof inputs !== 'object' || inputs === null) {
      throw new OptionError(`a script takes its inputs as an object, not ${showValue(inputs)}`);
    }
    this.#assignment = new Assignment(salt);
    this.#assignment.setOverrides(overrides);
    this.#inputs = Object.fromEntries(Object.entries(inputs));
  }

  /** Whether the unit is in the experiment: true unless the script returned something false. */
  get inExperiment(): boolean {
    this.#inExperiment ??= this.#script.run(this.#assignment, this.#inputs);
    return this.#inExperiment;
  }

  /** All parameters, as a new object. @throws PlanoutError `operator` or `script` */
  getParams(): Record<string, unknown> {
    this.#run();
    return this.#assignment.getParams();
  }

  /** A parameter, else an input, else the default. @throws PlanoutError `operator` or `script` */
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
