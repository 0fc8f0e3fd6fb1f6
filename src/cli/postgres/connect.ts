import { createRequire } from 'node:module';
import { join } from 'node:path';
import { EvenhandError } from '../../errors/evenhand-error.ts';
import { StoreError } from '../../errors/store-errors.ts';
import type {
  PostgresClient,
  PostgresOptions,
} from '../../integrations/postgres/connection/connection.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import type { Host } from '../host/host.ts';

/** How long a server may take to answer the first time, in milliseconds. */
const CONNECT_MS = 10_000;

/** Where the database is, as options of a command. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly schema?: string;
}

/** What is used of the package pg. */
interface PgModule {
  readonly Client: new (config: object) => PgClient;
}

interface PgClient extends PostgresClient {
  connect(): Promise<unknown>;
  end(): Promise<void>;
}

/**
 * Does something with a connection: to `--url`, else to `DATABASE_URL`, else to where PostgreSQL's own
 * variables lead.
 *
 * Rejects with StoreError (`store`) where there is no package pg or no connection.
 */
export async function withPostgres<Result>(
  host: Host,
  { url, schema }: ConnectionOptions,
  work: (options: PostgresOptions) => Promise<Result>,
): Promise<Result> {
  const client = await connect(host, url ?? (host.env['DATABASE_URL'] || undefined));
  try {
    return await work({ client, ...(schema !== undefined && { schema }) });
  } finally {
    await client.end().catch(() => {});
  }
}

async function connect(host: Host, connectionString: string | undefined): Promise<PgClient> {
  const { Client } = loadPg(host);
  try {
    const client = new Client({
      connectionString,
      connectionTimeoutMillis: CONNECT_MS,
      application_name: 'evenhand',
    });
    // What breaks later, the next statement says.
    client.on('error', () => {});
    await client.connect();
    return client;
  } catch (error) {
    // Not the address: there may be a password in it.
    throw new StoreError(`there is no connection to PostgreSQL: ${connectionFailure(error)}`, {
      cause: error,
    });
  }
}

/** The package as the user's project has it. */
function loadPg({ cwd }: Host): PgModule {
  try {
    const loaded: unknown = createRequire(join(cwd, 'package.json'))('pg');
    if (hasClient(loaded)) return loaded;
  } catch (error) {
    if (!isMissing(error)) {
      throw new StoreError(`the package pg can't be loaded: ${thrownMessage(error)}`, {
        cause: error,
      });
    }
  }
  throw new StoreError(
    'this needs the package pg, which this project has not installed: npm install pg',
  );
}

function hasClient(loaded: unknown): loaded is PgModule {
  return typeof loaded === 'object' && loaded !== null && 'Client' in loaded;
}

function isMissing(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'MODULE_NOT_FOUND'
  );
}

/** Returns the first error's message; Node may have tried several addresses, each with its own error. */
function connectionFailure(error: unknown): string {
  if (error instanceof EvenhandError) return error.message;
  const all: unknown =
    typeof error === 'object' && error !== null && 'errors' in error ? error.errors : undefined;
  const first: unknown = Array.isArray(all) ? all[0] : undefined;
  return thrownMessage(first ?? error);
}
