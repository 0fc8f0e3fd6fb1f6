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

/** Whoever migrates holds this lock: the eight letters of "evenhand" as a number. */
const MIGRATION_LOCK = '7311142569954602596';

/** What `migratePostgres()` did. */
export interface Migrated {
  /** The migrations that were run now, in their order. */
  readonly applied: readonly string[];
  /** Those that had been run before. */
  readonly present: readonly string[];
}

/**
 * Makes the tables, or brings them up to date: runs each migration of `sql/postgres/` that has not been
 * run, each in a transaction of its own. Does nothing where nothing is to be done; when several
 * processes do it at once, they wait for each other. A `schema` that is not there is made.
 *
 * @throws OptionError (`option`) for options that can't be meant
 *
 * Rejects with StoreError (`store`) where the database refuses.
 */
export async function migratePostgres(options: PostgresOptions): Promise<Migrated> {
  checkOptions('migratePostgres()', options, postgresChecks);
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
        throw storeError(`the migration ${name} can't be run`, error);
      }
    });
    (run ? applied : present).push(name);
  }
  return { applied, present };
}

/** For the transaction; by `set_config`, so that nothing stays where there is none. */
async function enterSchema(connection: PostgresQueryable, schema: string): Promise<void> {
  const found = await connection.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [schema]);
  if (found.rows.length === 0) await connection.query(`CREATE SCHEMA ${quoteName(schema)}`);
  await connection.query(`SET LOCAL search_path TO ${quoteName(schema)}`);
}

async function isApplied(connection: PostgresQueryable, name: string): Promise<boolean> {
  // A table of another schema of the search_path doesn't count: what is made is made in the first.
  const table = await connection.query(
    `SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'evenhand_migrations'`,
  );
  if (table.rows.length === 0) return false;
  const row = await connection.query('SELECT 1 FROM evenhand_migrations WHERE name = $1', [name]);
  return row.rows.length > 0;
}
