import type { Assignment } from '../assignment.ts';
import { checksumOf } from '../checksum.ts';
import { type Evaluate, Returned, Run } from './run.ts';

/** A script, checked and ready to run. Made by `parseScript`. */
export class Script {
  /** Changes whenever the script does: 8 hexadecimal digits. */
  readonly checksum: string;
  readonly #evaluate: Evaluate;

  constructor(evaluate: Evaluate, json: unknown) {
    this.#evaluate = evaluate;
    this.checksum = checksumOf(JSON.stringify(json));
    Object.freeze(this);
  }

  /**
   * Runs the script.
   *
   * @param assignment where the parameters go
   * @param inputs what the script reads that is no parameter of its own
   * @returns whether the unit is in the experiment: true unless the script returned something false
   * @throws PlanoutError `operator` for bad arguments, `script` for data that is too large
   */
  run(assignment: Assignment, inputs: Readonly<Record<string, unknown>>): boolean {
    return this.runReading(assignment, (name) =>
      Object.hasOwn(inputs, name) ? inputs[name] : undefined,
    );
  }

  /**
   * Runs the script with inputs that are read when the script reads them.
   *
   * @param read gives an input by its name; undefined where there is none
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
