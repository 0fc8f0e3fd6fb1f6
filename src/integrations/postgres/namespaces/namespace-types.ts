import type { HistoryLine } from '../../../planout/namespaces/history.ts';
import type { Sampling } from '../../../planout/namespaces/segment-allocations.ts';
import type { JsonValue } from '../../../json/value.ts';
import type { ExposureMode } from '../../../specification/types.ts';

/** The settings of a namespace, as in `experiments.config.json`. */
export interface NamespaceSettings {
  /** The context path whose value is the unit, or a list of paths, whose order matters. */
  readonly unit: string | readonly string[];
  /** The operator that draws the segments of an added experiment. @default 'full' */
  readonly sampling?: Sampling | undefined;
  /** The names that scripts use for context paths. @default none */
  readonly inputs?: Readonly<Record<string, string>> | undefined;
  /** The parameters of units that no experiment gives parameters. @default none */
  readonly defaults?: Readonly<Record<string, JsonValue>> | undefined;
  /** @default 'auto' */
  readonly exposure?: ExposureMode | undefined;
  readonly description?: string | undefined;
  readonly owner?: string | undefined;
}

/**
 * The settings of a namespace that can be changed; null removes one. The unit and the sampling can't be
 * changed, because that would move everyone.
 */
export type ChangedSettings = {
  readonly [Name in Exclude<keyof NamespaceSettings, 'unit' | 'sampling'>]?:
    NamespaceSettings[Name] | null;
};

/** The definition of an experiment's parameters, by a script or by variants, as in the file. */
export interface ExperimentDefinition {
  /** A script in PlanOut's language, as one string or a list of lines, or in PlanOut's JSON. */
  readonly script?: string | readonly string[] | object | undefined;
  readonly variants?:
    | readonly {
        readonly name: string;
        /** @default 1 */
        readonly weight?: number | undefined;
        readonly values: Readonly<Record<string, JsonValue>>;
      }[]
    | undefined;
  readonly description?: string | undefined;
}

/** A namespace to create. One from a file may include its experiments and its history. */
export interface NewNamespace extends NamespaceSettings {
  /** The name: unique, even among dropped namespaces, and part of all salts. */
  readonly name: string;
  /** The number of segments, from 1 to 1,000,000. @default 10,000 */
  readonly segments?: number | undefined;
  readonly experiments?: readonly (ExperimentDefinition & { readonly name: string })[] | undefined;
  readonly history?: readonly (Partial<HistoryLine> & object)[] | undefined;
}

/** An experiment to add. */
export interface NewExperiment extends ExperimentDefinition {
  /** The name in the namespace: part of the salt, and unique among running experiments. */
  readonly name: string;
  /** The number of free segments to take: a whole number. */
  readonly segments: number;
  /**
   * The name of the definition, for adding one definition under several names. Without `script` and
   * `variants`, the stored definition of that name is used.
   *
   * @default the experiment's own name
   */
  readonly experiment?: string | undefined;
}

/** A summary of a namespace. */
export interface NamespaceSummary {
  readonly name: string;
  /** The number of segments. */
  readonly segments: number;
  /** The number of free segments. */
  readonly free: number;
  /** The running experiments and the number of their segments, in the order they were added. */
  readonly experiments: readonly { readonly name: string; readonly segments: number }[];
}

/** An operation of a namespace's history. */
export interface NamespaceOperationRecord {
  /** The number of the operation, from 1 without gaps. */
  readonly sequence: number;
  readonly operation: 'create' | 'change' | 'add' | 'remove' | 'drop';
  /** The experiment that was added or removed; undefined for other operations. */
  readonly experiment: string | undefined;
  /** The number of its segments; undefined unless it was added. */
  readonly segments: number | undefined;
  /** The name of its definition; undefined unless it was added. */
  readonly definition: string | undefined;
  /**
   * The script or variants of the added experiment at that time. For `create` and `change` the
   * settings, for `remove` and `drop` undefined.
   */
  readonly specification: Readonly<Record<string, unknown>> | undefined;
  /** The author, as given in the change. */
  readonly author: string;
  /** The author's role in the database. */
  readonly role: string;
  /** The reason, if one was given. */
  readonly reason: string | undefined;
  readonly changedAt: Date;
}
