import { StoreError } from '../../../errors/store-errors.ts';
import { thrownMessage } from '../../../errors/thrown.ts';
import { adviceFor } from './advice.ts';
import type { PostgresClient, PostgresConnectionOptions, PostgresQueryable } from './connection.ts';
import { useLent } from './lent.ts';

/** What is under way on connections that are not a pool's. */
const underWay = new WeakMap<PostgresClient, Promise<unknown>>();

/** How a transaction is done. */
export interface TransactionOptions {
  /** Whether it is rolled back although all went well: to see what would be. @default false */
  readonly dry?: boolean | undefined;
}

/**
 * Does something in one transaction (READ COMMITTED), which is rolled back where it throws.
 *
 * Rejects with what `work` throws, or with StoreError (`store`) where there is no connection or the
 * transaction can't be begun or committed.
 */
export async function inTransaction<Result>(
  { pool, client }: PostgresConnectionOptions,
  work: (connection: PostgresQueryable) => Promise<Result>,
  options: TransactionOptions = {},
): Promise<Result> {
  if (client !== undefined) {
    return exclusively(client, () => transact(client, work, options, () => {}));
  }
  const lent = await pool.connect().catch((error: unknown) => {
    throw storeError('there is no connection to PostgreSQL', error);
  });
  return useLent(lent, (destroy) => transact(lent, work, options, destroy));
}

/**
 * Does something on a connection when all that was to be done before on it has ended: what comes
 * between the statements of a transaction would be a part of it.
 */
export function exclusively<Result>(
  client: PostgresClient,
  work: () => Promise<Result>,
): Promise<Result> {
  const result = (underWay.get(client) ?? Promise.resolve()).then(work);
  underWay.set(
    client,
    result.catch(() => {}),
  );
  return result;
}

/** What PostgreSQL or the connection said, as an error of ours. */
export function storeError(what: string, cause: unknown): StoreError {
  return new StoreError(`${what}: ${thrownMessage(cause)}${adviceFor(cause)}`, { cause });
}

async function transact<Result>(
  connection: PostgresQueryable,
  work: (connection: PostgresQueryable) => Promise<Result>,
  { dry = false }: TransactionOptions,
  broken: () => void,
): Promise<Result> {
  await connection.query('BEGIN ISOLATION LEVEL READ COMMITTED').catch((error: unknown) => {
    broken();
    throw storeError('PostgreSQL begins no transaction', error);
  });
  let result: Result;
  try {
    result = await work(connection);
  } catch (error) {
    await connection.query('ROLLBACK').catch(broken);
    throw error;
  }
  await connection.query(dry ? 'ROLLBACK' : 'COMMIT').catch((error: unknown) => {
    broken();
    throw storeError('PostgreSQL did not say whether it has committed (the history tells)', error);
  });
  return result;
}
