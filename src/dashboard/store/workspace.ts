import type { Revision } from '../../specification/types.ts';

/** The whole specification as a store holds it. */
export interface StoredDocument {
  /** The JSON of `experiments.config.json`. */
  readonly text: string;
  readonly revision: Revision;
  /** The version of each experiment by its name; absent if the store counts no versions. */
  readonly versions?: ReadonlyMap<string, number>;
}

/** One part of a specification that is changed on its own. */
export interface DocumentPart {
  readonly kind: 'experiment' | 'segment' | 'holdout' | 'metric' | 'context';
  /** The name of the experiment or switch, segment, holdout or metric; of the context, `context`. */
  readonly name: string;
}

/** The person and the reason behind a change. */
export interface Authorship {
  readonly author: string;
  /** Empty if none was given. */
  readonly reason: string;
}

/** A change that has been planned on a document. */
export interface DocumentEdit {
  /** The document that the change was planned on. */
  readonly base: StoredDocument;
  /** The whole JSON after the change, in the formatting of the base. */
  readonly text: string;
  /** The parts that differ. */
  readonly parts: readonly DocumentPart[];
}

/** A change in the past. */
export interface PastChange {
  /** The revision that the change led to. */
  readonly revision: Revision;
  readonly part: DocumentPart;
  readonly action: 'added' | 'changed' | 'removed';
  /** The version of the experiment after the change; absent if the store counts no versions. */
  readonly version?: number;
  /** The part as JSON before and after; undefined where it did not exist or is not known. */
  readonly before: string | undefined;
  readonly after: string | undefined;
  readonly author: string | undefined;
  readonly reason: string | undefined;
  /** ISO 8601 in UTC; undefined if it is not known. */
  readonly at: string | undefined;
}

/** The part of the history that is read. The newest changes come first. */
export interface HistoryQuery {
  /** Only changes of this part. @default all */
  readonly part?: DocumentPart;
  /** At most this many. @default 50 */
  readonly limit?: number;
  /** Only changes before this revision, for the next page. @default none */
  readonly before?: Revision;
}

/**
 * The place where the dashboard reads and writes the specification, the same for every store. Every call is
 * bounded in time, and rejects with StoreError (`store`) when the store fails or does not answer.
 */
export interface Workspace {
  /** The store's name in the header and in messages: `PostgreSQL`, `Redis`, `experiments.config.json`. */
  readonly name: string;
  /**
   * `all`: the store keeps every change. `process`: only the changes that this process has seen are known.
   */
  readonly history: 'all' | 'process';
  /** Reads the document. */
  read(): Promise<StoredDocument>;
  /**
   * Writes a change, all or nothing, and returns the new revision.
   *
   * Rejects with ConflictError (`conflict`) if one of the changed parts is no longer as in the base, or
   * another process writes at this moment; with SpecError (`spec`, `json`) for an invalid specification.
   */
  write(edit: DocumentEdit, by: Authorship): Promise<Revision>;
  /** Reads past changes. */
  changes(query?: HistoryQuery): Promise<readonly PastChange[]>;
  /** Reads the document as it was at a revision; undefined if it is not known. */
  at(revision: Revision): Promise<StoredDocument | undefined>;
}
