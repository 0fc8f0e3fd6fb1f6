import { AnalysisError } from '../../errors/analysis-error.ts';
import {
  checkOptions,
  checks,
  isObject,
  oneOf,
  type OptionChecks,
} from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { bounded } from './bounded.ts';
import {
  type Dialect,
  DIALECTS,
  type Engine,
  type EngineRow,
  type QueryOptions,
  type RecordSelect,
} from '../engine.ts';
import { recordSelectCheck } from './select-checks.ts';
import { statementError } from './statement-error.ts';

/** Options of `clientEngine()`. */
export interface ClientEngineOptions {
  readonly dialect: Dialect;
  /**
   * Runs a statement with your own client and returns its rows as objects, by the names of the columns.
   * Pass the signal and the time limit to the client, so that it can cancel the statement.
   */
  readonly query: (sql: string, options: QueryOptions) => Promise<readonly EngineRow[]>;
  /** The SELECT of your exposures; see `RecordSelect` for its columns. */
  readonly exposures?: RecordSelect;
  /** The SELECT of your outcomes. */
  readonly outcomes?: RecordSelect;
}

const clientChecks: OptionChecks = new Map([
  ['dialect', oneOf(...DIALECTS)],
  ['query', checks.aFunction],
  ['exposures', recordSelectCheck],
  ['outcomes', recordSelectCheck],
]);

/** The most rows of one result. A row is a group of units, so even many segments and days stay below. */
const MAX_ROWS = 1_000_000;

/** The names of databases in messages, by dialect. */
const NAMES: Readonly<Record<Dialect, string>> = {
  duckdb: 'DuckDB',
  postgres: 'PostgreSQL',
  clickhouse: 'ClickHouse',
  spark: 'Spark',
  trino: 'Trino',
  bigquery: 'BigQuery',
  snowflake: 'Snowflake',
};

/**
 * Returns an engine for any database through your own client: ClickHouse, Spark, Databricks, Trino, Athena,
 * BigQuery or Snowflake. Give the client an account that can only read.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function clientEngine(options: ClientEngineOptions): Engine {
  const own = checkOptions('clientEngine()', options, clientChecks);
  const { dialect, query, exposures, outcomes } = own;
  if (dialect === undefined || query === undefined) {
    throw new OptionError('clientEngine(): set "dialect" and "query"');
  }
  if ((exposures === undefined) !== (outcomes === undefined)) {
    throw new OptionError('clientEngine(): set "exposures" and "outcomes" together');
  }
  const who = NAMES[dialect];
  return {
    dialect,
    ...(exposures !== undefined && outcomes !== undefined && { sources: { exposures, outcomes } }),
    query: (sql, queryOptions = {}) =>
      bounded(who, queryOptions, async ({ signal }) => {
        try {
          return checkedRows(who, await query(sql, { ...queryOptions, signal }));
        } catch (error) {
          throw statementError(who, error, sql, queryOptions);
        }
      }),
  };
}

function checkedRows(who: string, rows: unknown): readonly EngineRow[] {
  if (!Array.isArray(rows) || !rows.every(isObject)) {
    throw new AnalysisError(
      `${who}: the option "query" of clientEngine() must return a list of rows as objects; many clients return { rows }`,
    );
  }
  if (rows.length > MAX_ROWS) {
    throw new AnalysisError(
      `${who}: the statement returned ${rows.length} rows, more than ${MAX_ROWS}; break down by fewer segments`,
    );
  }
  return rows;
}
