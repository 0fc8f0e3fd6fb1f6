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

/** What is changed: a row of one of these tables. */
export type ChangeKind = 'experiment' | 'context';

/** A row as it shall be. */
export interface RowChange {
  readonly kind: ChangeKind;
  readonly name: string;
  /** What it shall hold; undefined: it shall not be. */
  readonly specification: unknown;
  /** The version it is meant for, 0 for where nothing is; undefined: whatever is there. */
  readonly expectedVersion: number | undefined;
  /** Only if it has not been changed after this revision of the whole set; undefined: whenever it was. */
  readonly since: number | undefined;
}

/** What became of a row. */
export interface ChangedRow {
  readonly kind: ChangeKind;
  readonly name: string;
  /** `none` where it was so already: then nothing is recorded. */
  readonly action: 'put' | 'remove' | 'none';
  /** Its version now; 0 where it has never been. */
  readonly version: number;
}

/** Who makes a change, and why. */
export interface Authorship {
  /** Who makes the change; for the history. From 1 to 200 characters. */
  author: string;
  /** Why; for the history. At most 2000 characters. @default none */
  reason?: string | undefined;
}

const TABLES: Readonly<Record<ChangeKind, string>> = {
  experiment: 'evenhand_experiments',
  context: 'evenhand_context',
};

/** How long is waited for other writers, in milliseconds. */
const LOCK_TIMEOUT_MS = 30_000;

/**
 * A process that was stopped in the middle, and so holds up all others, loses its transaction after
 * this time, in milliseconds. Validating the largest set takes a few seconds.
 */
const MAX_IDLE_MS = 60_000;

/**
 * Takes the lock that whoever changes anything takes: from here to the end of the transaction nobody
 * else does. By a statement without effect, whose trigger takes it, as a writer may not lock that row.
 */
export async function lockWholeSet(connection: PostgresQueryable, prefix: string): Promise<void> {
  await connection.query(
    `SELECT set_config('lock_timeout', $1, true),
      set_config('idle_in_transaction_session_timeout', $2, true)`,
    [`${LOCK_TIMEOUT_MS}ms`, `${MAX_IDLE_MS}ms`],
  );
  await connection.query(`UPDATE ${prefix}evenhand_experiments SET name = name WHERE false`);
}

/** For the transaction: what the triggers write down. */
export async function signChanges(
  connection: PostgresQueryable,
  { author, reason = '' }: Authorship,
): Promise<void> {
  await connection.query(
    `SELECT set_config('evenhand.author', $1, true), set_config('evenhand.reason', $2, true)`,
    [author, reason],
  );
}

/** The rows of these names, by their names. */
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
 * Makes changes of rows of one kind, under the lock.
 *
 * @param changes no name twice
 *
 * Rejects with ConflictError (`conflict`) where a row is not what its change was meant for.
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

/** The last change of each name, also where nothing is there any more. */
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
  // What is removed has one version more, in the history.
  if (after === undefined) {
    return before === undefined
      ? { kind, name, action: 'none', version: 0 }
      : { kind, name, action: 'remove', version: before.version + 1 };
  }
  const { version } = after;
  return { kind, name, action: before?.version === version ? 'none' : 'put', version };
}
