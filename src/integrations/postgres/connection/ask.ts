import type { PostgresClient, PostgresPool, PostgresResult } from './connection.ts';
import { ConnectionQueue } from './connection-queue.ts';
import { useLent } from './lent.ts';
import { exclusively } from './transaction.ts';
import { orAborted } from './within.ts';

/** Sends one statement and returns its result; rejects when the signal is aborted. */
export type Ask = (
  statement: string,
  values: unknown[],
  signal: AbortSignal,
) => Promise<PostgresResult>;

/**
 * Sends statements on connections of a pool. A connection is closed if the wait for its result is
 * aborted.
 */
export function askOnPool(pool: PostgresPool): Ask {
  const queue = new ConnectionQueue(pool);
  return async (statement, values, signal) => {
    const lent = await queue.connect(signal);
    return useLent(lent, async (destroy) => {
      try {
        return await orAborted(lent.query(statement, values), signal);
      } finally {
        if (signal.aborted) destroy();
      }
    });
  };
}

/** Sends statements on a single connection. A statement aborted before its turn is not sent. */
export function askOnClient(client: PostgresClient): Ask {
  return (statement, values, signal) => {
    const answer = exclusively(client, () => {
      signal.throwIfAborted();
      return client.query(statement, values);
    });
    return orAborted(answer, signal);
  };
}
