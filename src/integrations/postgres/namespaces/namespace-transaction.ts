import { setTimeout as sleep } from 'node:timers/promises';
import { EvenhandError } from '../../../errors/evenhand-error.ts';
import { NamespaceError } from './namespace-error.ts';
import { fullJitterMs } from '../../../retry/full-jitter.ts';
import type { Authorship } from '../store/change-set.ts';
import { type PostgresOptions, schemaPrefix } from '../connection/connection.ts';
import { sqlStateOf } from '../connection/sql-state.ts';
import { inTransaction, storeError } from '../connection/transaction.ts';
import { NamespaceTables } from './namespace-tables.ts';

/** The most attempts for a transaction that PostgreSQL aborts because of another one. */
const MAX_TRIES = 5;

/** The longest delay before the second attempt and before any attempt, in milliseconds. */
const MIN_DELAY_MS = 20;
const MAX_DELAY_MS = 500;

/**
 * The time after which PostgreSQL ends an idle transaction, in milliseconds, so that a stopped
 * process does not block all other writers. Replaying the longest history takes about ten seconds.
 */
const MAX_IDLE_MS = 60_000;

/** The codes of a serialization failure and a deadlock, which succeed when they are retried. */
const PASSING: ReadonlySet<string> = new Set(['40001', '40P01']);

const LOCK_NOT_AVAILABLE = '55P03';
const UNIQUE_VIOLATION = '23505';

/** Options of {@link changeNamespaces}. */
export type NamespaceTransactionOptions = PostgresOptions & {
  /** The longest wait for other writers of the same namespace, in milliseconds. */
  readonly lockTimeoutMs: number;
};

/**
 * Runs `work` in one transaction under the name of an author. If PostgreSQL aborts it because of
 * another transaction, it is retried a few times.
 *
 * Rejects with EvenhandErrors that `work` throws, and with StoreError (`store`) if the database
 * can't be reached or reports an error.
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

/** Converts a thrown value to an EvenhandError. */
export function toNamespaceError(error: unknown, lockTimeoutMs: number): EvenhandError {
  if (error instanceof EvenhandError) return error;
  const state = sqlStateOf(error);
  if (state === UNIQUE_VIOLATION) {
    return new NamespaceError(
      'inconsistent',
      'another program has changed the segment table: a segment that is free in the history is taken in the table; correct its row in evenhand_namespace_segments',
    );
  }
  if (state === LOCK_NOT_AVAILABLE) {
    return storeError(`another writer has locked the namespace for ${lockTimeoutMs} ms`, error);
  }
  return storeError('PostgreSQL reported an error', error);
}
