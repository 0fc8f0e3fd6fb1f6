import { Pool, type PoolConfig } from 'pg';
import { migratePostgres } from '../../../src/integrations/postgres/migrate.ts';
import { Postgres } from '../../servers/postgres.ts';

/** The template database for all tests of a file. */
const TEMPLATE = 'migrated';

/** An empty database with the tables. */
export interface Database {
  readonly name: string;
  readonly url: string;
  /** A pool that is ended after the test. */
  readonly pool: (config?: PoolConfig) => Pool;
  /** Runs psql as the superuser, and returns its output. */
  readonly psql: (statements: string) => string;
}

/**
 * Sets up a server for the tests of a `describe`, and a database with our tables for each test.
 *
 * @returns functions that return the server, while the tests run, and the test's database
 */
export function usePostgres(bin: string): { server: () => Postgres; database: () => Database } {
  let server: Postgres;
  let pools: Pool[] = [];
  let count = 0;

  beforeAll(async () => {
    server = new Postgres(bin);
    await server.start();
    const pool = new Pool({ connectionString: server.createDatabase(TEMPLATE) });
    await migratePostgres({ pool });
    await pool.end();
  });

  afterEach(async () => {
    for (const pool of pools) await pool.end();
    pools = [];
  });

  afterAll(async () => {
    await server.stop();
  });

  return {
    server: () => server,
    database: () => {
      const name = `test_${count++}`;
      server.psql(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
      const url = server.url(name);
      return {
        name,
        url,
        pool: (config) => {
          const pool = new Pool({ connectionString: url, ...config });
          // Idle connections that break are replaced by the pool.
          pool.on('error', () => {});
          pools.push(pool);
          return pool;
        },
        psql: (statements) => server.psql(statements, '/', name),
      };
    },
  };
}

/** Replaces all experiments by switches, `a:on`, with plain SQL. */
export function putOnly(entries: readonly unknown[]): string {
  const rows = entries.map((entry) => {
    const name =
      typeof entry === 'string' ? (entry.split(':')[0] ?? '') : Reflect.get(Object(entry), 'name');
    return `('${String(name)}', '${JSON.stringify(entry)}')`;
  });
  if (rows.length === 0) return 'DELETE FROM evenhand_experiments;';
  const names = rows.map((row) => row.slice(1, row.indexOf(',')));
  return `BEGIN;
    DELETE FROM evenhand_experiments WHERE NOT name = ANY(ARRAY[${names.join()}]::text[]);
    INSERT INTO evenhand_experiments (name, specification) VALUES ${rows.join()}
      ON CONFLICT (name) DO UPDATE SET specification = excluded.specification;
    COMMIT;`;
}
