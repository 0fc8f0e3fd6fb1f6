import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { EngineRow, RecordSources } from '../../../src/analysis/engine.ts';
import type { AnalysisPlan } from '../../../src/analysis/plan/analysis-plan.ts';
import type { MomentRows } from '../../../src/analysis/rows/moment-rows.ts';
import { readMomentRows } from '../../../src/analysis/rows/read-moment-rows.ts';
import { momentStatement } from '../../../src/analysis/sql/moment-statement.ts';

/** Opens a database in memory. */
export async function openDuckdb(): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    threads: '2',
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}

/** Runs a statement and returns its rows. */
export async function runSql(connection: DuckDBConnection, sql: string): Promise<EngineRow[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJS();
}

/** Runs the statement of a plan and reads its rows. */
export async function runPlan(
  connection: DuckDBConnection,
  plan: AnalysisPlan,
  sources: RecordSources,
): Promise<MomentRows> {
  return readMomentRows(await runSql(connection, momentStatement(plan, 'duckdb', sources)), plan);
}
