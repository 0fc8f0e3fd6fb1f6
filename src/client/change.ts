/** One change of the specification in force, in the words of its log line. */
export interface Change {
  /** A `switch` is an experiment with the variants `on` and `off`. */
  readonly kind: 'experiment' | 'switch' | 'namespace' | 'holdout' | 'metric';
  readonly name: string;
  readonly action: 'added' | 'changed' | 'removed';
  /** The parts that differ, as they were: `blue 10, green 90`. Undefined if it was added. */
  readonly before: string | undefined;
  /** The parts that differ, as they are now. Undefined if it was removed. */
  readonly after: string | undefined;
  /** The author of the change, if the source knows. */
  readonly author: string | undefined;
  /** The reason for the change, if the source knows. */
  readonly reason: string | undefined;
  /** The time of the change, if the source knows: ISO 8601. */
  readonly changedAt: string | undefined;
}

/** The names of added, removed and changed definitions; each list is in the order of the specification. */
export interface NameChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Names whose definition differs in any way, even in a description. */
  readonly changed: readonly string[];
}

/** The differences between two snapshots: experiments and switches by name, namespaces, holdouts and metrics. */
export interface ChangedNames extends NameChanges {
  readonly namespaces: NameChanges;
  readonly holdouts: NameChanges;
  readonly metrics: NameChanges;
}
