import { setTimeout as sleep } from 'node:timers/promises';
import { EvenhandError } from '../../../errors/evenhand-error.ts';
import { NamespaceError } from './namespace-error.ts';
import { fullJitterMs } from '../../../retry/full-jitter.ts';
import type { Authorship } from '../store/change-set.ts';
import { type PostgresOptions, schemaPrefix } from '../connection/connection.ts';
import { sqlStateOf } from '../connection/sql-state.ts';
import { inTransaction, storeError } from '../connection/transaction.ts';
import { NamespaceTables } from './namespace-tables.ts';

/** How often a transaction is tried that PostgreSQL gave up for another's sake. */
const MAX_TRIES = 5;

/** How long is waited before the second and the last try at most, in milliseconds. */
const MIN_DELAY_MS = 20;
const MAX_DELAY_MS = 500;

/**
 * A process that was stopped in the middle, and so holds up all others, loses its transaction after
 * this time, in milliseconds. Replaying the longest history takes about ten seconds.
 */
const MAX_IDLE_MS = 60_000;

/** Of two transactions that wait for each other, or could not have come one after the other, one. */
const PASSING: ReadonlySet<string> = new Set(['40001', '40P01']);

const LOCK_NOT_AVAILABLE = '55P03';
const UNIQUE_VIOLATION = '23505';

/** What a transaction needs to know. */
export type NamespaceTransactionOptions = PostgresOptions & {
  /** How long is waited for others that change the same namespace, in milliseconds. */
  readonly lockTimeoutMs: number;
};

/**
 * Changes namespaces in one transaction, in the name of an author; again where PostgreSQL gave it up
 * for another's sake, a few times.
 *
 * Rejects with EvenhandErrors that `work` throws, and with StoreError (`store`) where the database
 * can't be reached or refuses.
 */
export async function changeNamespaces<Result>(
  options: NamespaceTransactionOptions,
  { author, reason = '' }: Authorship,
  work: (tables: NamespaceTables) => Promise<Result>,
): Promise<Result> {
  const settings = [`${options.lockTimeoutMs}ms`, `${MAX_IDLE_MS}ms`, author, reason];
  for (let tries = 1; ; tries++) {
    try {
      return await inTransaction(options, async (connection) => {
        await connection.query(
          `SELECT set_config('lock_timeout', $1, true),
            set_config('idle_in_transaction_session_timeout', $2, true),
            set_config('evenhand.author', $3, true), set_config('evenhand.reason', $4, true)`,
          settings,
        );
        return work(new NamespaceTables(connection, schemaPrefix(options)));
      });
    } catch (error) {
      if (!PASSING.has(sqlStateOf(error) ?? '') || tries === MAX_TRIES) {
        throw toNamespaceError(error, options.lockTimeoutMs);
      }
    }
    await sleep(fullJitterMs(tries, MIN_DELAY_MS, MAX_DELAY_MS, Math.random));
  }
}

/** What was thrown, as an error of ours. */
export function toNamespaceError(error: unknown, lockTimeoutMs: number): EvenhandError {
  if (error instanceof EvenhandError) return error;
  const state = sqlStateOf(error);
  if (state === UNIQUE_VIOLATION) {
    return new NamespaceError(
      'inconsistent',
      'the table of segments was changed behind the back of who adds experiments: a segment that the history leaves free is taken there',
    );
  }
  if (state === LOCK_NOT_AVAILABLE) {
    return storeError(`somebody else has been changing this for ${lockTimeoutMs} ms`, error);
  }
  return storeError('PostgreSQL refuses', error);
}
