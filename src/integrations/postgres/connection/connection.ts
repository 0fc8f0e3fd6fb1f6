import { isObject, type OptionChecks } from '../../../options/check-options.ts';
import { OptionError } from '../../../errors/usage-errors.ts';

/** What a query gives. */
export interface PostgresResult {
  readonly rows: readonly unknown[];
}

/** What statements are sent to. */
export interface PostgresQueryable {
  query(text: string, values?: unknown[]): Promise<PostgresResult>;
}

/** A notification as it is heard. */
export interface PostgresNotification {
  readonly channel: string;
}

/** One connection: what `new Client()` of the package pg gives, once connected, or what behaves so. */
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

/** A connection that a pool lends. */
export interface PostgresPoolClient extends PostgresClient {
  /** Gives it back; with `true` it is closed instead of being lent again. */
  release(destroy?: boolean): void;
}

/** Many connections: what `new Pool()` of the package pg gives, or what behaves so. */
export interface PostgresPool {
  connect(): Promise<PostgresPoolClient>;
}

/** Where the database is: a pool, which outlives connections, or one connection. */
export type PostgresConnectionOptions =
  | {
      /** A pool of your own. It is not ended. */
      pool: PostgresPool;
      client?: never;
    }
  | {
      /** A connection of your own, connected, for nothing else. It is not ended. */
      client: PostgresClient;
      pool?: never;
    };

/** Where in the database. */
export interface PostgresSchemaOptions {
  /** The schema of the tables. @default the first of the connection's search_path */
  schema?: string;
}

/** All that functions of this entry point need to know of the database. */
export type PostgresOptions = PostgresConnectionOptions & PostgresSchemaOptions;

/** Longer names are cut off by PostgreSQL, in bytes. */
const MAX_NAME_BYTES = 63;

function has(value: unknown, ...methods: readonly string[]): boolean {
  return isObject(value) && methods.every((method) => typeof value[method] === 'function');
}

/** Checks of these options: `new Map([...postgresChecks, …])` for who takes more. */
export const postgresChecks: OptionChecks = new Map([
  [
    'pool',
    {
      expected: 'a pool of connections, as new Pool() of the package pg gives',
      // A connection of pg has connect() too, and would be lent for ever.
      accepts: (value) => has(value, 'connect') && !has(value, 'escapeLiteral'),
    },
  ],
  [
    'client',
    {
      expected: 'a connection, as new Client() of the package pg gives',
      // A pool of pg has these too, and would take another connection for each statement.
      accepts: (value) =>
        has(value, 'query', 'on', 'removeListener') && !('totalCount' in Object(value)),
    },
  ],
  [
    'schema',
    {
      expected: `the name of a schema, of at most ${MAX_NAME_BYTES} bytes`,
      accepts: (value) =>
        typeof value === 'string' &&
        value !== '' &&
        !value.includes('\0') &&
        Buffer.byteLength(value) <= MAX_NAME_BYTES,
    },
  ],
]);

/**
 * Checks that there is one connection.
 *
 * @throws OptionError (`option`) unless there is a pool or a client, but not both
 */
export function assertOneConnection(where: string, { pool, client }: PostgresOptions): void {
  if ((pool === undefined) === (client === undefined)) {
    throw new OptionError(`${where} takes either a pool or a client`);
  }
}

/** A name as SQL has it, whatever is in it. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What is written before a table's or function's name: the schema and a dot, or nothing. */
export function schemaPrefix({ schema }: PostgresSchemaOptions): string {
  return schema === undefined ? '' : `${quoteName(schema)}.`;
}
