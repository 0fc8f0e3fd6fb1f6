import { isObject, type OptionChecks } from '../../../options/check-options.ts';
import { OptionError } from '../../../errors/usage-errors.ts';

/** The result of a query. */
export interface PostgresResult {
  readonly rows: readonly unknown[];
}

/** An object that runs SQL statements. */
export interface PostgresQueryable {
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
}

/** A received notification. */
export interface PostgresNotification {
  readonly channel: string;
}

/** One connection: a connected `new Client()` of the package pg, or a compatible object. */
export interface PostgresClient extends PostgresQueryable {
  on(event: 'notification', listener: (notification: PostgresNotification) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  removeListener(
    event: 'notification',
    listener: (notification: PostgresNotification) => void,
  ): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'end', listener: () => void): unknown;
}

/** A connection that belongs to a pool. */
export interface PostgresPoolClient extends PostgresClient {
  /** Returns the connection to the pool; `true` closes it instead. */
  release(destroy?: boolean): void;
}

/** A connection pool: `new Pool()` of the package pg, or a compatible object. */
export interface PostgresPool {
  connect(): Promise<PostgresPoolClient>;
}

/** The connection to the database: a pool, which replaces lost connections, or one connection. */
export type PostgresConnectionOptions =
  | {
      /** The application's pool; Evenhand does not end it. */
      pool: PostgresPool;
      client?: never;
    }
  | {
      /**
       * A connected client that the application uses for nothing else; Evenhand does not end it.
       */
      client: PostgresClient;
      pool?: never;
    };

/** The place of the tables in the database. */
export interface PostgresSchemaOptions {
  /** The schema of the tables. @default the first schema of the connection's search_path */
  schema?: string;
}

/** The database options that all functions of this entry point accept. */
export type PostgresOptions = PostgresConnectionOptions & PostgresSchemaOptions;

/** The longest name in bytes; PostgreSQL truncates longer ones. */
const MAX_NAME_BYTES = 63;

function has(value: unknown, ...methods: readonly string[]): boolean {
  return isObject(value) && methods.every((method) => typeof value[method] === 'function');
}

/** The checks of {@link PostgresOptions}. Functions with more options extend this map. */
export const postgresChecks: OptionChecks = new Map([
  [
    'pool',
    {
      expected: 'a connection pool, such as new Pool() of the package pg',
      // A client of pg also has connect(), but it is no pool: it would never be released.
      accepts: (value) => has(value, 'connect') && !has(value, 'escapeLiteral'),
    },
  ],
  [
    'client',
    {
      expected: 'a connection, such as new Client() of the package pg',
      // A pool of pg also has these methods, but uses a different connection for each statement.
      accepts: (value) =>
        has(value, 'query', 'on', 'removeListener') && !('totalCount' in Object(value)),
    },
  ],
  [
    'schema',
    {
      expected: `a schema name of at most ${MAX_NAME_BYTES} bytes`,
      accepts: (value) =>
        typeof value === 'string' &&
        value !== '' &&
        !value.includes('\0') &&
        Buffer.byteLength(value) <= MAX_NAME_BYTES,
    },
  ],
]);

/**
 * Checks that exactly one of `pool` and `client` is set.
 *
 * @throws OptionError (`option`) if neither or both are set
 */
export function assertOneConnection(where: string, { pool, client }: PostgresOptions): void {
  if ((pool === undefined) === (client === undefined)) {
    throw new OptionError(`${where}: set either "pool" or "client"`);
  }
}

/** Quotes a name for SQL. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Returns the prefix of table and function names: the schema and a dot, or nothing. */
export function schemaPrefix({ schema }: PostgresSchemaOptions): string {
  return schema === undefined ? '' : `${quoteName(schema)}.`;
}
