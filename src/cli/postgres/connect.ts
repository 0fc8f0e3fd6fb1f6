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

/** The time limit for connecting, in milliseconds. */
const CONNECT_MS = 10_000;

/** The options that locate the database. */
export interface ConnectionOptions {
  readonly url?: string;
  readonly schema?: string;
}

/** The part of the package pg that is used here. */
interface PgModule {
  readonly Client: new (config: object) => PgClient;
}

interface PgClient extends PostgresClient {
  connect(): Promise<unknown>;
  end(): Promise<void>;
}

/**
 * Runs `work` with a connection to `--url`; by default to `DATABASE_URL`, or to the database that
 * PostgreSQL's own variables name.
 *
 * Rejects with StoreError (`store`) if the package pg is missing or the connection fails.
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
    // If the connection breaks later, the next statement reports it.
    client.on('error', () => {});
    await client.connect();
    return client;
  } catch (error) {
    // The message leaves out the address, which may contain a password.
    throw new StoreError(`can't connect to PostgreSQL: ${connectionFailure(error)}`, {
      cause: error,
    });
  }
}

/** Loads the package from the user's project. */
function loadPg({ cwd }: Host): PgModule {
  try {
    const loaded: unknown = createRequire(join(cwd, 'package.json'))('pg');
    if (hasClient(loaded)) return loaded;
  } catch (error) {
    if (!isMissing(error)) {
      throw new StoreError(`can't load the package pg: ${thrownMessage(error)}`, {
        cause: error,
      });
    }
  }
  throw new StoreError(
    'this command needs the package pg, which is not installed; run npm install pg',
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
