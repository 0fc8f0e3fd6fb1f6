import { checkOptions } from '../../options/check-options.ts';
import {
  assertOneConnection,
  postgresChecks,
  type PostgresOptions,
  type PostgresQueryable,
  quoteName,
} from './connection/connection.ts';
import { MIGRATIONS } from './migrations.generated.ts';
import { inTransaction, storeError } from './connection/transaction.ts';

/** The key of the lock for migrations: the eight letters of "evenhand" as a number. */
const MIGRATION_LOCK = '7311142569954602596';

/** The result of `migratePostgres()`. */
export interface Migrated {
  /** The migrations that this call ran, in order. */
  readonly applied: readonly string[];
  /** The migrations that had been run before. */
  readonly present: readonly string[];
}

/**
 * Creates the tables or updates them: runs each migration of `sql/postgres/` that has not been run,
 * each in its own transaction. It does nothing if the tables are up to date. Several processes may
 * call it at the same time, because they wait for each other. A missing `schema` is created.
 *
 * @throws OptionError (`option`) for invalid options
 *
 * Rejects with StoreError (`store`) if the database reports an error.
 */
export async function migratePostgres(options: PostgresOptions): Promise<Migrated> {
  options = checkOptions('migratePostgres()', options, postgresChecks);
  assertOneConnection('migratePostgres()', options);
  const { schema } = options;
  const applied: string[] = [];
  const present: string[] = [];
  for (const { name, sql } of MIGRATIONS) {
    const run = await inTransaction(options, async (connection) => {
      try {
        await connection.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
        if (schema !== undefined) await enterSchema(connection, schema);
        if (await isApplied(connection, name)) return false;
        await connection.query(sql);
        return true;
      } catch (error) {
        throw storeError(`the migration ${name} failed`, error);
      }
    });
    (run ? applied : present).push(name);
  }
  return { applied, present };
}

/** Creates the schema if it is missing, and makes it the first of the transaction's search_path. */
async function enterSchema(connection: PostgresQueryable, schema: string): Promise<void> {
  const found = await connection.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (found.rows.length === 0) await connection.query(`CREATE SCHEMA ${quoteName(schema)}`);
  await connection.query(`SET LOCAL search_path TO ${quoteName(schema)}`);
}

async function isApplied(connection: PostgresQueryable, name: string): Promise<boolean> {
  // A table in a later schema of the search_path doesn't count: migrations create tables in the
  // first.
  const table = await connection.query(
    `SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'evenhand_migrations'`,
  );
  if (table.rows.length === 0) return false;
  const row = await connection.query('SELECT 1 FROM evenhand_migrations WHERE name = $1', [name]);
  return row.rows.length > 0;
}
