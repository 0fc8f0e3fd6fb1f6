import { StoreError } from '../../../errors/store-errors.ts';
import { thrownMessage } from '../../../errors/thrown.ts';
import { adviceFor } from './advice.ts';
import type { PostgresClient, PostgresConnectionOptions, PostgresQueryable } from './connection.ts';
import { useLent } from './lent.ts';

/** The last operation on each connection that does not belong to a pool. */
const underWay = new WeakMap<PostgresClient, Promise<unknown>>();

/** Options of {@link inTransaction}. */
export interface TransactionOptions {
  /** Rolls the transaction back even if it succeeds, to preview its effect. @default false */
  readonly dry?: boolean | undefined;
}

/**
 * Runs `work` in one transaction (READ COMMITTED), which is rolled back if `work` throws.
 *
 * Rejects with the error of `work`, or with StoreError (`store`) if there is no connection or the
 * transaction can't be started or committed.
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
    throw storeError("can't connect to PostgreSQL", error);
  });
  return useLent(lent, (destroy) => transact(lent, work, options, destroy));
}

/**
 * Runs `work` after all earlier operations on the connection have ended. A statement sent during a
 * transaction would become part of that transaction.
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

/** Wraps an error of PostgreSQL or the connection, and adds a remedy if one is known. */
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
    throw storeError("PostgreSQL can't start a transaction", error);
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
    throw storeError(
      'PostgreSQL did not confirm the commit; the history shows if the change was made',
      error,
    );
  });
  return result;
}
