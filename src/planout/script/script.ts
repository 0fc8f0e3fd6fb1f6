import type { Assignment } from '../assignment.ts';
import { checksumOf } from '../checksum.ts';
import { type CompiledSource, compileSource } from '../language/compile-script.ts';
import { inSource } from '../language/in-source.ts';
import { type Evaluate, Returned, Run } from './run.ts';
import type { ValueKind } from './value-kinds.ts';

/** The names in a script, known without running it; plain frozen JSON. */
export interface ScriptInspection {
  /**
   * The names that some run reads without having set them before: `userid`. A name that only one branch
   * sets is both an input and a parameter.
   */
  readonly inputs: readonly string[];
  /** The names in the argument `unit` of random operators: inputs, or parameters set before. */
  readonly units: readonly string[];
  /** The parameters that any branch can set. */
  readonly parameters: readonly string[];
  /** The kinds of the values of each parameter; undefined if they depend on values of the run. */
  readonly kinds: Readonly<Record<string, readonly ValueKind[] | undefined>>;
  /** The operators, also those of the language such as `set`. */
  readonly operators: readonly string[];
  /** The salts of draws that the script contains: `salt` or `full_salt`, otherwise the parameter's name. */
  readonly salts: readonly string[];
}

/** A compiled script. Created by `parseScript`. */
export class Script {
  /** 8 hexadecimal digits that change whenever the script changes. */
  readonly checksum: string;
  /** The parameters that any branch of the script can set. */
  readonly parameters: ReadonlySet<string>;
  /** The names in the script. */
  readonly inspection: ScriptInspection;
  readonly #evaluate: Evaluate;
  /** The source text; undefined for a script from JSON. */
  readonly #source: string | undefined;
  /** Created at the first error of a run: it needs much more memory than the source. */
  #placeOf: CompiledSource['placeOf'] | undefined;

  constructor(
    evaluate: Evaluate,
    json: unknown,
    inspection: ScriptInspection,
    source: string | undefined,
  ) {
    this.#evaluate = evaluate;
    this.#source = source;
    this.inspection = inspection;
    this.parameters = Object.freeze(new Set(inspection.parameters));
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
      throw this.#placed(thrown);
    }
    return true;
  }

  /** Returns an error of a run with its position in the source, if there is one. */
  #placed(thrown: unknown): unknown {
    if (this.#source === undefined) return thrown;
    this.#placeOf ??= compileSource(this.#source).placeOf;
    return inSource(thrown, this.#placeOf);
  }
}
