import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

/** The number of units with an exposure; EVENHAND_BENCH_UNITS=8000000 is the size of the goals. */
export const UNITS = Number(process.env.EVENHAND_BENCH_UNITS ?? 800_000);

const EXPOSURES = Math.round(UNITS * 1.25);
const OUTCOMES = Math.round(UNITS * 3.75);

/** The lines of records as JSON: half a line for each unit. */
export const LINES = Math.round((UNITS * 5) / 8);

/** The folder of the data. It is kept, because making it takes minutes. */
export const FOLDER = join(
  process.env.EVENHAND_BENCH_FOLDER ?? join(tmpdir(), 'evenhand-bench-analysis'),
  String(UNITS),
);

export const EXPOSURES_FILE = join(FOLDER, 'exposures.parquet');
export const OUTCOMES_FILE = join(FOLDER, 'outcomes.parquet');
export const LINES_FILE = join(FOLDER, 'records.ndjson');

/** The first moment with exposures, and the moment of the analysis. */
export const START = '2027-01-01 00:00:00+00';
export const UNTIL = '2027-01-22 00:00:00+00';

/** The experiment of the records as JSON. */
export const EXPERIMENT = 'checkout';
export const CHECKSUM = '0123456789abcdef';

/** A fair draw in [0, 1) from the number of a row. */
const draw = (salt) => `((hash(i, ${salt}) % 1000003) / 1000003.0)`;

const unit = (number) => `printf('u%012x', hash(${number}) % 281474976710656)`;

const variant = (draw) =>
  `CASE WHEN ${draw} < 1 / 3.0 THEN 'control' WHEN ${draw} < 2 / 3.0 THEN 'blue' ELSE 'green' END`;

/**
 * Every unit is exposed once, and a quarter of them again. One of a thousand of those sees another
 * variant then.
 */
const exposures = (count) => `
  SELECT
    ${unit(`i % ${UNITS}`)} AS unit,
    TIMESTAMPTZ '${START}' + to_milliseconds((${draw(1)} * 14 * 86400000)::BIGINT) AS "at",
    ${variant(`((hash(i % ${UNITS}, CASE WHEN i >= ${UNITS} AND ${draw(2)} < 0.001 THEN 4 ELSE 3 END) % 1000003) / 1000003.0)`)} AS variant,
    CASE (hash(i % ${UNITS}, 5) % 4) WHEN 0 THEN 'de' WHEN 1 THEN 'fr' WHEN 2 THEN 'gb' ELSE 'us' END AS country
  FROM range(${count}) AS t(i)`;

/** A tenth of the outcomes is of units that were never exposed. */
const outcomes = (count) => `
  SELECT
    ${unit(`hash(i, 6) % ${Math.round(UNITS * 1.1)}`)} AS unit,
    TIMESTAMPTZ '${START}' + to_milliseconds(((${draw(7)} * 49 - 28) * 86400000)::BIGINT) AS "at",
    CASE WHEN ${draw(8)} < 0.2 THEN 'purchase' WHEN ${draw(8)} < 0.8 THEN 'view' ELSE 'search' END AS name,
    CASE WHEN ${draw(8)} < 0.2 THEN round(exp(3 + 2 * ${draw(9)}), 2) END AS value
  FROM range(${count}) AS t(i)`;

const time = `strftime("at", '%Y-%m-%dT%H:%M:%S.%g') || 'Z'`;

/** Lines as sinks write them: a quarter exposures, three quarters outcomes. */
const lines = `
  SELECT * FROM (
    SELECT 1 AS version, uuid()::VARCHAR AS id, ${time} AS time, 'exposure' AS event,
      '${EXPERIMENT}' AS experiment, 'seed' AS seed, '${CHECKSUM}' AS checksum, variant,
      'user.id' AS identity, unit, NULL::STRUCT("user.id" VARCHAR) AS units, NULL::VARCHAR AS name,
      false AS overridden, 0 AS audience, NULL::STRUCT(value DOUBLE) AS properties,
      {'country': country} AS context
    FROM (${exposures(Math.round(LINES / 4))})
    UNION ALL
    SELECT 1, uuid()::VARCHAR, ${time}, 'outcome', NULL, NULL, NULL, NULL, NULL, NULL,
      {'user.id': unit}, name, NULL, NULL, CASE WHEN value IS NOT NULL THEN {'value': value} END, NULL
    FROM (${outcomes(Math.round((LINES * 3) / 4))})
  )`;

/** Makes the files that are missing. */
export async function makeData() {
  if (existsSync(LINES_FILE)) return;
  mkdirSync(FOLDER, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '4GB' });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  await connection.run(`SET temp_directory = '${join(FOLDER, 'spill')}'`);
  const made = async (file, select, format) => {
    const draft = `${file}.draft`;
    await connection.run(`COPY (${select}) TO '${draft}' (FORMAT ${format})`);
    renameSync(draft, file);
  };
  await made(EXPOSURES_FILE, exposures(EXPOSURES), 'parquet');
  await made(OUTCOMES_FILE, outcomes(OUTCOMES), 'parquet');
  await made(LINES_FILE, lines, 'json');
  connection.closeSync();
  instance.closeSync();
}
