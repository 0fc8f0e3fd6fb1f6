import {
  type PostgresSchemaOptions,
  schemaPrefix,
} from '../../../integrations/postgres/connection/connection.ts';
import { EXPOSURE_COLUMNS, OUTCOME_COLUMNS, type RecordSources } from '../../engine.ts';

/**
 * Returns the SELECTs of the records in the table that `postgresSink()` writes. They read the table and not
 * its views, so that its indexes serve the conditions of an analysis. A field with a value of the wrong type
 * reads as NULL.
 */
export function storedRecords(options: PostgresSchemaOptions): RecordSources {
  const table = `${schemaPrefix(options)}evenhand_records`;
  return {
    exposures: {
      sql: `SELECT r.unit, r.time AS at, r.variant, CAST(r.id AS text) AS id, r.experiment, r.checksum,
  r.identity, coalesce(r.overridden, false) AS overridden,
  coalesce(r.record ->> 'sticky' = 'true', false) AS sticky, r.record ? 'unitCut' AS cut,
  CASE WHEN r.record ->> 'audience' ~ '^[0-9]{1,9}$'
    THEN CAST(r.record ->> 'audience' AS bigint) END AS audience,
  r.record -> 'context' AS context
FROM ${table} AS r
WHERE r.event = 'exposure' AND isfinite(r.time)`,
      columns: EXPOSURE_COLUMNS,
    },
    outcomes: {
      // jsonb_each_text() fails for anything but an object.
      sql: `SELECT u.unit, r.time AS at, r.name, CAST(r.id AS text) AS id, u.identity,
  r.record -> 'properties' AS properties
FROM ${table} AS r, jsonb_each_text(
  CASE WHEN jsonb_typeof(r.record -> 'units') = 'object' THEN r.record -> 'units' END
) AS u (identity, unit)
WHERE r.event = 'outcome' AND isfinite(r.time) AND u.unit IS NOT NULL`,
      columns: OUTCOME_COLUMNS,
    },
  };
}
