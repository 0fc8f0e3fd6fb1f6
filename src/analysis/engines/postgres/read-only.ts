import { isObject } from '../../../options/check-options.ts';
import type {
  PostgresQueryable,
  PostgresResult,
} from '../../../integrations/postgres/connection/connection.ts';
import type { EngineRow, QueryOptions } from '../../engine.ts';

/** PostgreSQL's longest statement timeout, in milliseconds. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** The text before a statement. Inside a SELECT there can be no other command, not even in a WITH. */
export const BEFORE = 'SELECT * FROM (';

/**
 * The text after a statement, on a line of its own because the statement may end in a comment. With a value,
 * clients use the protocol that runs a single statement.
 */
const AFTER = '\n) AS evenhand_result WHERE $1::integer = 1';

/**
 * Settings of the transaction only. Compiling a statement with many columns takes seconds, and would take as
 * long for few rows. A table that PostgreSQL has not analysed yet seems to have few rows: for 12,000 outcomes,
 * it then chose nested loops that took a minute. All joins are by equality, so hash joins always suit.
 */
const SETTINGS = [
  "set_config('TimeZone', 'UTC', true)",
  "set_config('jit', 'off', true)",
  "set_config('enable_nestloop', 'off', true)",
].join(', ');

const TIMEOUT = "SELECT set_config('statement_timeout', $1, true)";

/** Runs a SELECT in a read-only transaction, which is rolled back. Rejects with the error of PostgreSQL. */
export async function readOnly(
  connection: PostgresQueryable,
  sql: string,
  { timeoutMs }: QueryOptions,
  signal: AbortSignal,
): Promise<readonly EngineRow[]> {
  signal.throwIfAborted();
  await connection.query('BEGIN READ ONLY');
  try {
    await connection.query(`SELECT ${SETTINGS}`);
    // Without a limit of ours, that of the role remains.
    if (timeoutMs !== undefined) {
      await connection.query(TIMEOUT, [String(Math.min(Math.ceil(timeoutMs), MAX_TIMEOUT_MS))]);
    }
    signal.throwIfAborted();
    return rowsIn(await connection.query(`${BEFORE}${sql}${AFTER}`, [1]));
  } finally {
    // The rows are here; if the connection has broken, its next use reports it.
    await connection.query('ROLLBACK').catch(() => {});
  }
}

/** Returns the rows of a result that are objects, which they are for all clients like pg. */
export function rowsIn({ rows }: PostgresResult): readonly EngineRow[] {
  return rows.filter(isObject);
}
