import { ConflictError } from '../../../errors/store-errors.ts';
import { quote } from '../../../errors/show-value.ts';
import type { PostgresQueryable } from '../connection/connection.ts';
import { requiredText } from '../connection/row.ts';
import {
  HISTORY_COLUMNS,
  type HistoryEntry,
  readHistoryEntry,
  readStored,
  STORED_COLUMNS,
  type StoredExperiment,
} from './stored.ts';

/** The kind of a changed row: an experiment or the declared context. */
export type ChangeKind = 'experiment' | 'context';

/** The desired state of a row. */
export interface RowChange {
  readonly kind: ChangeKind;
  readonly name: string;
  /** The desired content; undefined removes the row. */
  readonly specification: unknown;
  /** The required current version, 0 for a row that must not exist; undefined for any version. */
  readonly expectedVersion: number | undefined;
  /** The revision after which the row must not have changed; undefined for no such condition. */
  readonly since: number | undefined;
}

/** The result of a change of one row. */
export interface ChangedRow {
  readonly kind: ChangeKind;
  readonly name: string;
  /**
   * The change that was made. With `none` the row had this state already, and the history has no
   * entry.
   */
  readonly action: 'put' | 'remove' | 'none';
  /** The version after the change; 0 if the row has never existed. */
  readonly version: number;
}

/** The author of a change, and the reason for it. */
export interface Authorship {
  /** The author in the history, from 1 to 200 characters. */
  author: string;
  /** The reason in the history, at most 2000 characters. @default none */
  reason?: string | undefined;
}

const TABLES: Readonly<Record<ChangeKind, string>> = {
  experiment: 'evenhand_experiments',
  context: 'evenhand_context',
};

/** The longest wait for other writers, in milliseconds. */
const LOCK_TIMEOUT_MS = 30_000;

/**
 * The time after which PostgreSQL ends an idle transaction, in milliseconds, so that a stopped
 * process does not block all other writers. Validating the largest set takes a few seconds.
 */
const MAX_IDLE_MS = 60_000;

/**
 * Takes the lock of all writers until the end of the transaction. A writer has no right to lock the
 * row of `evenhand_revision`, so this runs an UPDATE without effect, whose trigger takes the lock.
 */
export async function lockWholeSet(connection: PostgresQueryable, prefix: string): Promise<void> {
  await connection.query(
    `SELECT set_config('lock_timeout', $1, true),
      set_config('idle_in_transaction_session_timeout', $2, true)`,
    [`${LOCK_TIMEOUT_MS}ms`, `${MAX_IDLE_MS}ms`],
  );
  await connection.query(`UPDATE ${prefix}evenhand_experiments SET name = name WHERE false`);
}

/** Sets the author and reason that the triggers write to the history, for this transaction. */
export async function signChanges(
  connection: PostgresQueryable,
  { author, reason = '' }: Authorship,
): Promise<void> {
  await connection.query(
    `SELECT set_config('evenhand.author', $1, true), set_config('evenhand.reason', $2, true)`,
    [author, reason],
  );
}

/** Returns the rows with these names, by name. */
export async function readRows(
  connection: PostgresQueryable,
  prefix: string,
  kind: ChangeKind,
  names: readonly string[],
): Promise<ReadonlyMap<string, StoredExperiment>> {
  const { rows } = await connection.query(
    `SELECT ${STORED_COLUMNS} FROM ${prefix}${TABLES[kind]} WHERE name = ANY($1::text[])`,
    [names],
  );
  return new Map(rows.map((row) => [requiredText(row, 'name'), readStored(row)]));
}

/**
 * Changes rows of one kind. The caller holds the lock.
 *
 * @param changes the desired rows, with unique names
 *
 * Rejects with ConflictError (`conflict`) if a row has changed since the version its change
 * expects.
 */
export async function changeRows(
  connection: PostgresQueryable,
  prefix: string,
  kind: ChangeKind,
  changes: readonly RowChange[],
): Promise<ChangedRow[]> {
  if (changes.length === 0) return [];
  const names = changes.map(({ name }) => name);
  const before = await readRows(connection, prefix, kind, names);
  if (changes.some(isConditional)) {
    const last = await readLastChanges(connection, prefix, kind, names);
    for (const change of changes) {
      assertExpected(change, before.get(change.name), last.get(change.name));
    }
  }
  const table = `${prefix}${TABLES[kind]}`;
  const puts = changes.filter(({ specification }) => specification !== undefined);
  const removed = changes.filter(({ specification }) => specification === undefined);
  if (puts.length > 0) {
    await connection.query(
      `INSERT INTO ${table} (name, specification)
      SELECT name, specification::jsonb FROM unnest($1::text[], $2::text[]) AS put (name, specification)
      ON CONFLICT (name) DO UPDATE SET specification = excluded.specification`,
      [puts.map(({ name }) => name), puts.map((put) => JSON.stringify(put.specification))],
    );
  }
  if (removed.length > 0) {
    await connection.query(`DELETE FROM ${table} WHERE name = ANY($1::text[])`, [
      removed.map(({ name }) => name),
    ]);
  }
  const after = await readRows(connection, prefix, kind, names);
  return names.map((name) => changedRow(kind, name, before.get(name), after.get(name)));
}

function isConditional({ expectedVersion, since }: RowChange): boolean {
  return expectedVersion !== undefined || since !== undefined;
}

/** Returns the last change of each name, including removed rows. */
async function readLastChanges(
  connection: PostgresQueryable,
  prefix: string,
  kind: ChangeKind,
  names: readonly string[],
): Promise<ReadonlyMap<string, HistoryEntry>> {
  const { rows } = await connection.query(
    `SELECT DISTINCT ON (name) ${HISTORY_COLUMNS} FROM ${prefix}evenhand_history
    WHERE kind = $1 AND name = ANY($2::text[]) ORDER BY name, version DESC`,
    [kind, names],
  );
  return new Map(rows.map((row) => [requiredText(row, 'name'), readHistoryEntry(row)]));
}

function assertExpected(
  { kind, name, expectedVersion, since }: RowChange,
  row: StoredExperiment | undefined,
  last: HistoryEntry | undefined,
): void {
  const where = kind === 'context' ? 'the context' : `experiment ${quote(name)}`;
  const { author: changedBy, changedAt } = row ?? last ?? {};
  const by = { changedBy, changedAt };
  if (expectedVersion !== undefined && expectedVersion !== (row?.version ?? 0)) {
    const expected = expectedVersion === 0 ? undefined : expectedVersion;
    throw new ConflictError(where, expected, row?.version, { numbered: 'version', ...by });
  }
  if (since !== undefined && last !== undefined && last.revision > since) {
    throw new ConflictError(where, since, last.revision, by);
  }
}

function changedRow(
  kind: ChangeKind,
  name: string,
  before: StoredExperiment | undefined,
  after: StoredExperiment | undefined,
): ChangedRow {
  // A removal has a version of its own in the history.
  if (after === undefined) {
    return before === undefined
      ? { kind, name, action: 'none', version: 0 }
      : { kind, name, action: 'remove', version: before.version + 1 };
  }
  const { version } = after;
  return { kind, name, action: before?.version === version ? 'none' : 'put', version };
}
