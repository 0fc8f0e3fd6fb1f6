import type { JsonValue } from '../json/value.ts';
import type { Assignment } from '../planout/assignment.ts';
import type { NamespaceSpec } from '../specification/types.ts';

/** What an experiment draws by. */
export interface DrawSubject {
  /** The values of the namespace's unit, in order. */
  readonly unit: () => readonly unknown[];
  /** What scripts read by name: an input, or a value of the context; undefined where there is none. */
  readonly read: (name: string) => unknown;
}

/** An experiment as a line of the history has added it. */
export interface AddedExperiment {
  readonly name: string;
  /** `namespace.name`. */
  readonly salt: string;
  /** Whether it has variants, and so the parameter that holds a variant's name. */
  readonly hasVariants: boolean;
  /** Assigns the parameters; false where the unit is not in the experiment. */
  readonly assign: (assignment: Assignment, subject: DrawSubject) => boolean;
}

/** A namespace, its history replayed; made once when the specification is loaded. */
export interface CompiledNamespace {
  readonly spec: NamespaceSpec;
  /** The unit's paths in the context, as their segments. */
  readonly unit: readonly (readonly string[])[];
  /** What scripts call a context path, with that path's segments. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  readonly defaults: ReadonlyMap<string, JsonValue>;
  /** For each segment the number of the addition that has it, 0 for none. */
  readonly table: Int32Array;
  /** By the number of their addition. */
  readonly added: readonly (AddedExperiment | undefined)[];
  /** Whether no segment is taken: such a namespace needs no unit. */
  readonly isEmpty: boolean;
}
