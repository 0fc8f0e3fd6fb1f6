import { DuckDBInstance } from '@duckdb/node-api';
import type { Engine } from '../../../src/analysis/engine.ts';

/** An exposure or an outcome of a unit. */
export interface TestRecord {
  readonly unit: string;
  /** In milliseconds since 1970. */
  readonly at: number;
  readonly experiment?: string;
  readonly overridden?: boolean;
  readonly name?: string;
  readonly value?: number;
}

/** Creates an engine over records in memory; close it at the end. */
export async function memoryEngine(
  exposures: readonly TestRecord[],
  outcomes: readonly TestRecord[],
): Promise<Engine & { close(): Promise<void> }> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(
    'CREATE TABLE e (unit VARCHAR, "at" TIMESTAMPTZ, variant VARCHAR, experiment VARCHAR, overridden BOOLEAN)',
  );
  await connection.run(
    'CREATE TABLE o (unit VARCHAR, "at" TIMESTAMPTZ, name VARCHAR, value DOUBLE)',
  );
  const at = (ms: number): string => `epoch_ms(${ms})::TIMESTAMPTZ`;
  const insert = async (table: string, rows: readonly string[]): Promise<void> => {
    if (rows.length > 0) await connection.run(`INSERT INTO ${table} VALUES ${rows.join(', ')}`);
  };
  await connection.run("SET TimeZone = 'UTC'");
  await insert(
    'e',
    exposures.map(
      (one) =>
        `('${one.unit}', ${at(one.at)}, 'a', '${one.experiment ?? ''}', ${one.overridden === true})`,
    ),
  );
  await insert(
    'o',
    outcomes.map(
      (one) => `('${one.unit}', ${at(one.at)}, '${one.name ?? ''}', ${one.value ?? 'NULL'})`,
    ),
  );
  return {
    dialect: 'duckdb',
    sources: {
      exposures: { sql: 'SELECT * FROM e', columns: ['experiment', 'overridden'] },
      outcomes: { sql: 'SELECT * FROM o', columns: ['value'] },
    },
    async query(sql) {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowObjectsJS();
    },
    close() {
      connection.closeSync();
      instance.closeSync();
      return Promise.resolve();
    },
  };
}
