import {
  EXPOSURE_COLUMNS,
  OUTCOME_COLUMNS,
  type RecordSources,
} from '../../../../src/analysis/engine.ts';
import type { PythonEngine } from './python-engines.ts';

/** The columns of the SELECTs besides the required ones. */
const COLUMNS = { exposures: EXPOSURE_COLUMNS, outcomes: OUTCOME_COLUMNS };

const EXPOSURES = `SELECT unit, time AS at, variant, id, experiment, checksum, identity,
  coalesce(overridden, false) AS overridden, coalesce(sticky, false) AS sticky,
  coalesce(unitCut, false) AS cut, audience, context`;

/** Returns the SELECTs of a table of records, as a user of ClickHouse or Spark would write them. */
export function recordTable(engine: PythonEngine, table: string): RecordSources {
  const name = engine === 'clickhouse' ? `records.${table}` : table;
  const outcomes = {
    clickhouse: `SELECT unit_identity AS identity, unit_value AS unit, time AS at, name, id, properties
FROM ${name} ARRAY JOIN mapKeys(units) AS unit_identity, mapValues(units) AS unit_value
WHERE event = 'outcome'`,
    spark: `SELECT u.identity AS identity, u.unit AS unit, time AS at, name, id, properties
FROM ${name} LATERAL VIEW explode(units) u AS identity, unit WHERE event = 'outcome'`,
  };
  return {
    exposures: {
      sql: `${EXPOSURES} FROM ${name} WHERE event = 'exposure'`,
      columns: COLUMNS.exposures,
    },
    outcomes: { sql: outcomes[engine], columns: COLUMNS.outcomes },
  };
}
