import type { JsonValue } from '../json/value.ts';
import type { Assignment } from '../planout/assignment.ts';
import type { NamespaceExperimentSpec, NamespaceSpec } from '../specification/types.ts';

/** The values that an experiment draws with. */
export interface DrawSubject {
  /** The values of the namespace's unit, in order. */
  readonly unit: () => readonly unknown[];
  /** Reads an input or a context value by name; undefined if there is none. */
  readonly read: (name: string) => unknown;
}

/** An experiment, as a line of the history added it. */
export interface AddedExperiment {
  readonly name: string;
  /** `namespace.name`. */
  readonly salt: string;
  /** Its definition. */
  readonly spec: NamespaceExperimentSpec;
  /** True if it has variants, and so the parameter with the variant's name. */
  readonly hasVariants: boolean;
  /** The parameters that it can set: any branch of its script, any of its variants. */
  readonly parameters: ReadonlySet<string>;
  /** Assigns the parameters. Returns false if the unit is not in the experiment. */
  readonly assign: (assignment: Assignment, subject: DrawSubject) => boolean;
}

/** A namespace with its history replayed, created once when the specification is loaded. */
export interface CompiledNamespace {
  readonly spec: NamespaceSpec;
  /** The unit's paths in the context, split into keys. */
  readonly unit: readonly (readonly string[])[];
  /** True if the tracking key is a part of the unit. */
  readonly tracked: boolean;
  /** The names that scripts use for context paths, with the keys of each path. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
  readonly defaults: ReadonlyMap<string, JsonValue>;
  /** For each segment the number of the addition that took it, 0 for none. */
  readonly table: Int32Array;
  /** The experiments by the number of their addition. */
  readonly added: readonly (AddedExperiment | undefined)[];
  /** The experiments that are not removed, by name; also those without segments. */
  readonly running: ReadonlyMap<string, AddedExperiment>;
  /** True if no segment is taken: such a namespace needs no unit. */
  readonly isEmpty: boolean;
}

/** The experiment and the parameters that are forced for one participant in one namespace. */
export interface NamespaceOverrides {
  /** The experiment that the participant is in; undefined lets the segment decide. */
  readonly added: AddedExperiment | undefined;
  /** The values by parameter. Every parameter is one that a running experiment can set. */
  readonly params: ReadonlyMap<string, unknown>;
}
