import type { Assignment } from '../assignment.ts';
import { checksumOf } from '../checksum.ts';
import { type Evaluate, Returned, Run } from './run.ts';

/** A compiled script. Created by `parseScript`. */
export class Script {
  /** 8 hexadecimal digits that change whenever the script changes. */
  readonly checksum: string;
  /** The parameters that any branch of the script can set. */
  readonly parameters: ReadonlySet<string>;
  readonly #evaluate: Evaluate;

  constructor(evaluate: Evaluate, json: unknown, parameters: ReadonlySet<string>) {
    this.#evaluate = evaluate;
    this.parameters = Object.freeze(parameters);
    this.checksum = checksumOf(JSON.stringify(json));
    Object.freeze(this);
  }

  /**
   * Runs the script.
   *
   * @param assignment receives the parameters
   * @param inputs values that the script reads and does not assign
   * @returns true if the unit is in the experiment; false only if the script returns a false value
   * @throws PlanoutError `operator` for invalid arguments, `script` for data that is too large
   */
  run(assignment: Assignment, inputs: Readonly<Record<string, unknown>>): boolean {
    return this.runReading(assignment, (name) =>
      Object.hasOwn(inputs, name) ? inputs[name] : undefined,
    );
  }

  /**
   * Runs the script and reads each input only when the script needs it.
   *
   * @param read returns an input by its name, or undefined
   * @returns as {@link run}
   * @throws PlanoutError as {@link run}
   */
  runReading(assignment: Assignment, read: (name: string) => unknown): boolean {
    try {
      this.#evaluate(new Run(assignment, read, assignment.experimentSalt));
    } catch (thrown) {
      if (thrown instanceof Returned) return thrown.inExperiment;
      throw thrown;
    }
    return true;
  }
}
