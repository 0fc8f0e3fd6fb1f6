import { requiredNumber, requiredText, textIn } from '../connection/row.ts';

/** An experiment in the table. */
export interface StoredExperiment {
  readonly name: string;
  /** The entry as in `experiments.config.json`: an object, or the shorthand of a switch. */
  readonly specification: unknown;
  /** The version, which grows with each change and continues after a removal. */
  readonly version: number;
  /** The author of this version, as given in the change. */
  readonly author: string;
  /** The reason for this version, if one was given. */
  readonly reason: string | undefined;
  readonly changedAt: Date;
}

/** The columns that {@link readStored} reads. */
export const STORED_COLUMNS = `name, specification::text AS specification, version::text AS version,
  author, reason, (extract(epoch FROM changed_at) * 1000)::text AS changed_at`;

/** Reads a row of {@link STORED_COLUMNS}. */
export function readStored(row: unknown): StoredExperiment {
  const specification: unknown = JSON.parse(requiredText(row, 'specification'));
  return { ...readChange(row), specification };
}

/** One change in the history. */
export interface HistoryEntry {
  /**
   * The revision of the whole set after this change. Each change has its own, in the order of the
   * commits.
   */
  readonly revision: number;
  /** The kind of the changed row; the name of a `context` is always `context`. */
  readonly kind: 'experiment' | 'context';
  readonly name: string;
  readonly action: 'put' | 'remove';
  /** The new content; undefined for a removal. */
  readonly specification: unknown;
  /** The {@link StoredExperiment.version} after this change. */
  readonly version: number;
  /** The author, as given in the change. */
  readonly author: string;
  /** The author's role in the database. */
  readonly role: string;
  /** The reason, if one was given. */
  readonly reason: string | undefined;
  readonly changedAt: Date;
}

/** The columns that {@link readHistoryEntry} reads. */
export const HISTORY_COLUMNS = `revision::text AS revision, kind, action, role, ${STORED_COLUMNS}`;

/** Reads a row of {@link HISTORY_COLUMNS}. */
export function readHistoryEntry(row: unknown): HistoryEntry {
  const text = textIn(row, 'specification');
  return {
    revision: requiredNumber(row, 'revision'),
    kind: requiredText(row, 'kind') === 'context' ? 'context' : 'experiment',
    action: requiredText(row, 'action') === 'remove' ? 'remove' : 'put',
    specification: text === null ? undefined : (JSON.parse(text) as unknown),
    role: requiredText(row, 'role'),
    ...readChange(row),
  };
}

function readChange(row: unknown): Omit<StoredExperiment, 'specification'> {
  return {
    name: requiredText(row, 'name'),
    version: requiredNumber(row, 'version'),
    author: requiredText(row, 'author'),
    reason: textIn(row, 'reason') ?? undefined,
    changedAt: new Date(Number(requiredText(row, 'changed_at'))),
  };
}
