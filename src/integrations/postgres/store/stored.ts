import { requiredText, textIn } from '../connection/row.ts';

/** An experiment as the table has it. */
export interface StoredExperiment {
  readonly name: string;
  /** What `experiments.config.json` would hold for it: an object, or the shorthand of a switch. */
  readonly specification: unknown;
  /** Grows with each change of this experiment, also beyond its removal. */
  readonly version: number;
  /** Who made this version, as they said. */
  readonly author: string;
  /** Why, where they said it. */
  readonly reason: string | undefined;
  readonly changedAt: Date;
}

/** The columns of {@link readStored}. */
export const STORED_COLUMNS = `name, specification::text AS specification, version::text AS version,
  author, reason, (extract(epoch FROM changed_at) * 1000)::text AS changed_at`;

/** A row of {@link STORED_COLUMNS}. */
export function readStored(row: unknown): StoredExperiment {
  const specification: unknown = JSON.parse(requiredText(row, 'specification'));
  return { ...readChange(row), specification };
}

/** What a change there ever was. */
export interface HistoryEntry {
  /** Of the whole set: each change has one of its own, in the order in which they came in force. */
  readonly revision: number;
  /** What was changed; a `context` has the name `context`. */
  readonly kind: 'experiment' | 'context';
  readonly name: string;
  readonly action: 'put' | 'remove';
  /** What was put; undefined where it was removed. */
  readonly specification: unknown;
  /** Of this experiment; what {@link StoredExperiment.version} became by it. */
  readonly version: number;
  /** Who changed it, as they said. */
  readonly author: string;
  /** Whom the database knew them as. */
  readonly role: string;
  /** Why, where they said it. */
  readonly reason: string | undefined;
  readonly changedAt: Date;
}

/** The columns of {@link readHistoryEntry}. */
export const HISTORY_COLUMNS = `revision::text AS revision, kind, action, role, ${STORED_COLUMNS}`;

/** A row of {@link HISTORY_COLUMNS}. */
export function readHistoryEntry(row: unknown): HistoryEntry {
  const text = textIn(row, 'specification');
  return {
    revision: Number(requiredText(row, 'revision')),
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
    version: Number(requiredText(row, 'version')),
    author: requiredText(row, 'author'),
    reason: textIn(row, 'reason') ?? undefined,
    changedAt: new Date(Number(requiredText(row, 'changed_at'))),
  };
}
