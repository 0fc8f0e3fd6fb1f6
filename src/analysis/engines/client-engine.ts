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
  type RecordSources,
} from '../engine.ts';
import { recordSourcesCheck } from './select-checks.ts';
import { statementError } from './statement-error.ts';

/** Options of `clientEngine()`. */
export interface ClientEngineOptions {
  readonly dialect: Dialect;
  /**
   * Runs a statement with your own client and returns its rows as objects, by the names of the columns.
   * Pass the signal and the time limit to the client, so that it can cancel the statement.
   */
  readonly query: (sql: string, options: QueryOptions) => Promise<readonly EngineRow[]>;
  /** The SELECTs of your exposures and outcomes; see `RecordSelect` for their columns. */
  readonly sources?: RecordSources;
}

const clientChecks: OptionChecks = new Map([
  ['dialect', oneOf(...DIALECTS)],
  ['query', checks.aFunction],
  ['sources', recordSourcesCheck],
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
  const { dialect, query, sources } = own;
  if (dialect === undefined || query === undefined) {
    throw new OptionError('clientEngine(): set "dialect" and "query"');
  }
  const who = NAMES[dialect];
  return {
    dialect,
    ...(sources !== undefined && { sources }),
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
