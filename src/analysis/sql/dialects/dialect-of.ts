import type { Dialect } from '../../engine.ts';
import { bigquery } from './bigquery.ts';
import { clickhouse } from './clickhouse.ts';
import { duckdb } from './duckdb.ts';
import { postgres } from './postgres.ts';
import { snowflake } from './snowflake.ts';
import { spark } from './spark.ts';
import type { SqlDialect } from './sql-dialect.ts';
import { trino } from './trino.ts';

const BY_NAME: Readonly<Record<Dialect, SqlDialect>> = {
  duckdb,
  postgres,
  clickhouse,
  spark,
  trino,
  bigquery,
  snowflake,
};

/** Returns the SQL of a dialect. */
export function dialectOf(name: Dialect): SqlDialect {
  return BY_NAME[name];
}
