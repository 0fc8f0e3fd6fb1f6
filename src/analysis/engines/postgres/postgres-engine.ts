import { checkOptions, type OptionChecks } from '../../../options/check-options.ts';
import {
  assertOneConnection,
  postgresChecks,
  type PostgresOptions,
  type PostgresPool,
} from '../../../integrations/postgres/connection/connection.ts';
import { useLent } from '../../../integrations/postgres/connection/lent.ts';
import { exclusively } from '../../../integrations/postgres/connection/transaction.ts';
import { bounded, GRACE_MS } from '../bounded.ts';
import type { Engine, EngineRow, QueryOptions, RecordSources } from '../../engine.ts';
import { recordSourcesCheck } from '../select-checks.ts';
import { statementError } from '../statement-error.ts';
import { BEFORE, readOnly, rowsIn } from './read-only.ts';
import { storedRecords } from './stored-records.ts';

/** Options of `postgresEngine()`. */
export type PostgresEngineOptions = PostgresOptions & {
  /** The SELECTs of your own exposures and outcomes. @default the table that `postgresSink()` writes */
  readonly sources?: RecordSources;
};

const engineChecks: OptionChecks = new Map([...postgresChecks, ['sources', recordSourcesCheck]]);

/** The time that a cancelled statement has to end before its connection is closed, in milliseconds. */
const CANCEL_MS = GRACE_MS / 2;

/**
 * Returns an engine that runs statements in PostgreSQL, in read-only transactions. When a statement is
 * aborted, a second connection of the pool cancels it. With a single `client`, only the time limit ends a
 * statement in the server.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function postgresEngine(
  options: PostgresEngineOptions,
): Engine & Required<Pick<Engine, 'sources'>> {
  const own = checkOptions('postgresEngine()', options, engineChecks);
  assertOneConnection('postgresEngine()', own);
  const { pool, client, sources = storedRecords(own) } = own;
  return {
    dialect: 'postgres',
    sources,
    query: (sql, queryOptions = {}) =>
      bounded('PostgreSQL', queryOptions, async ({ signal }) => {
        try {
          return client === undefined
            ? await onPool(pool, sql, queryOptions, signal)
            : await exclusively(client, () => readOnly(client, sql, queryOptions, signal));
        } catch (error) {
          throw statementError('PostgreSQL', error, sql, {
            timeoutMs: queryOptions.timeoutMs,
            textBefore: BEFORE,
          });
        }
      }),
  };
}

async function onPool(
  pool: PostgresPool,
  sql: string,
  options: QueryOptions,
  signal: AbortSignal,
): Promise<readonly EngineRow[]> {
  const lent = await pool.connect();
  return useLent(lent, async (destroy) => {
    signal.throwIfAborted();
    const [row] = rowsIn(await lent.query('SELECT pg_backend_pid() AS pid'));
    let late: NodeJS.Timeout | undefined;
    const stopped = new Promise<never>((_, reject) => {
      const stop = () => {
        cancelStatement(pool, row?.['pid']).catch(() => {});
        // If even that does not end the statement, the connection is closed.
        late = setTimeout(() => {
          destroy();
          reject(signal.reason);
        }, CANCEL_MS);
      };
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([readOnly(lent, sql, options, signal), stopped]);
    } finally {
      clearTimeout(late);
    }
  });
}

/** Cancels the statement of another connection. Any role may cancel its own statements. */
async function cancelStatement(pool: PostgresPool, pid: unknown): Promise<void> {
  const lent = await pool.connect();
  await useLent(lent, () => lent.query('SELECT pg_cancel_backend($1::integer)', [pid]));
}
