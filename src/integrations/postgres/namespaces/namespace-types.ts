import type { HistoryLine } from '../../../planout/namespaces/history.ts';
import type { JsonValue } from '../../../json/value.ts';
import type { ExposureMode } from '../../../specification/types.ts';

/** What a namespace has besides its name, its segments and its experiments; as in the file. */
export interface NamespaceSettings {
  /** The context path whose value tells units apart, or a list of paths, whose order matters. */
  readonly unit: string | readonly string[];
  /** What scripts call a context path. @default none */
  readonly inputs?: Readonly<Record<string, string>> | undefined;
  /** Parameters of units whose experiment gives none, or that are in none. @default none */
  readonly defaults?: Readonly<Record<string, JsonValue>> | undefined;
  /** @default 'auto' */
  readonly exposure?: ExposureMode | undefined;
  readonly description?: string | undefined;
  readonly owner?: string | undefined;
}

/** Properties of a namespace that can be changed; null takes one away. The unit can't be: all would move. */
export type ChangedSettings = {
  readonly [Name in Exclude<keyof NamespaceSettings, 'unit'>]?: NamespaceSettings[Name] | null;
};

/** How an experiment gives units their parameters: by a script or by variants; as in the file. */
export interface ExperimentDefinition {
  /** PlanOut's language, as one text or a list of lines; or PlanOut's JSON. */
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

/** A namespace that is to be made. One that comes from a file may bring its experiments and its history. */
export interface NewNamespace extends NamespaceSettings {
  /** Unique, also among those that were dropped. Part of all salts. */
  readonly name: string;
  /** How many segments the units are dealt to, [1, 1,000,000]. @default 10,000 */
  readonly segments?: number | undefined;
  readonly experiments?: readonly (ExperimentDefinition & { readonly name: string })[] | undefined;
  readonly history?: readonly (Partial<HistoryLine> & object)[] | undefined;
}

/** An experiment that is to be added. */
export interface NewExperiment extends ExperimentDefinition {
  /** The name in the namespace, which no present experiment has: part of the salt. */
  readonly name: string;
  /** How many free segments it takes: a whole number, [0, free]. */
  readonly segments: number;
  /**
   * The name of its definition, for adding one definition under several names. Without `script` and
   * `variants`, the definition of that name as it is in the database.
   *
   * @default the experiment's own name
   */
  readonly experiment?: string | undefined;
}

/** A namespace at a glance. */
export interface NamespaceSummary {
  readonly name: string;
  /** How many segments there are. */
  readonly segments: number;
  /** How many nobody has. */
  readonly free: number;
  /** The experiments that are present, with how many segments each has, in the order they were added. */
  readonly experiments: readonly { readonly name: string; readonly segments: number }[];
}

/** An operation of a namespace's history. */
export interface NamespaceOperationRecord {
  /** From 1, without gaps. */
  readonly sequence: number;
  readonly operation: 'create' | 'change' | 'add' | 'remove' | 'drop';
  /** The experiment that was added or removed; undefined for other operations. */
  readonly experiment: string | undefined;
  /** How many segments it was given; undefined unless it was added. */
  readonly segments: number | undefined;
  /** The name of its definition; undefined unless it was added. */
  readonly definition: string | undefined;
  /**
   * What was added, as it was then: its script or variants; for `create` and `change` the settings;
   * undefined for `remove` and `drop`.
   */
  readonly specification: Readonly<Record<string, unknown>> | undefined;
  /** Who did it, as they said. */
  readonly author: string;
  /** Who did it, as the database knows. */
  readonly role: string;
  /** Why, where they said it. */
  readonly reason: string | undefined;
  readonly changedAt: Date;
}
