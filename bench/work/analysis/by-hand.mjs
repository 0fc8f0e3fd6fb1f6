import { CHECKSUM, EXPERIMENT, START, UNTIL } from './data.mjs';

/** The columns of the three metrics: buyers within 7 days, revenue within 7 days, and views within 14. */
const METRICS = ['buyers', 'revenue', 'views'];

const moments = METRICS.flatMap((name) => [
  `avg(${name}) AS ${name}_y`,
  `avg(${name}_before) AS ${name}_x`,
  `var_samp(${name}) AS ${name}_yy`,
  `covar_samp(${name}, ${name}_before) AS ${name}_yx`,
  `var_samp(${name}_before) AS ${name}_xx`,
]);

/**
 * The statement that an analyst would write for DuckDB: the first exposure of each unit, units of several
 * variants apart, windows after it and 28 days before it, and moments by variant.
 *
 * @param exposures a relation with `unit`, `at` and `variant`
 * @param outcomes a relation with `unit`, `at`, `name` and `value`; with `id` if records can be there twice
 */
export const byHand = (exposures, outcomes, { merge = false } = {}) => `
  WITH units AS (
    SELECT unit, min("at") AS met, arg_min(variant, "at") AS variant,
      min(variant) <> max(variant) AS mixed
    FROM ${exposures}
    WHERE "at" < TIMESTAMPTZ '${UNTIL}'
    GROUP BY unit
  ),
  per_unit AS (
    SELECT
      unit,
      any_value(variant) AS variant,
      any_value(mixed) AS mixed,
      coalesce(bool_or(name = 'purchase' AND after_week), false)::INT AS buyers,
      coalesce(bool_or(name = 'purchase' AND before), false)::INT AS buyers_before,
      coalesce(sum(value) FILTER (name = 'purchase' AND after_week), 0) AS revenue,
      coalesce(sum(value) FILTER (name = 'purchase' AND before), 0) AS revenue_before,
      count(*) FILTER (name = 'view' AND after_fortnight) AS views,
      count(*) FILTER (name = 'view' AND before) AS views_before
    FROM (
      SELECT u.unit, u.variant, u.mixed, o.name, o.value,
        o."at" >= u.met AND o."at" < u.met + INTERVAL 168 HOUR AS after_week,
        o."at" >= u.met AND o."at" < u.met + INTERVAL 336 HOUR AS after_fortnight,
        o."at" < u.met AND o."at" >= u.met - INTERVAL 672 HOUR AS before
      FROM units AS u
      LEFT JOIN (
        SELECT ${merge ? 'unit, id, any_value("at") AS "at", any_value(name) AS name, any_value(value) AS value' : 'unit, "at", name, value'}
        FROM ${outcomes}
        WHERE name IN ('purchase', 'view') AND "at" < TIMESTAMPTZ '${UNTIL}'
          AND "at" >= TIMESTAMPTZ '${START}' - INTERVAL 672 HOUR
        ${merge ? 'GROUP BY unit, id' : ''}
      ) AS o ON o.unit = u.unit
    )
    GROUP BY unit
  )
  SELECT variant, mixed, count(*) AS units, ${moments.join(', ')}
  FROM per_unit
  GROUP BY variant, mixed
  ORDER BY variant, mixed`;

/**
 * DuckDB's own scan of lines plus the same aggregation, with records that were delivered twice counted once. The columns are declared, as somebody who knows
 * the records does; otherwise DuckDB reads a part of the file twice.
 *
 * @param file lines as sinks write them
 */
export const scanLines = (file) => `
  WITH records AS (
    SELECT * FROM read_json('${file}', format = 'newline_delimited', columns = {
      id: 'VARCHAR', time: 'TIMESTAMPTZ', event: 'VARCHAR', experiment: 'VARCHAR',
      checksum: 'VARCHAR', variant: 'VARCHAR', identity: 'VARCHAR', unit: 'VARCHAR',
      overridden: 'BOOLEAN', audience: 'INTEGER', name: 'VARCHAR', units: 'MAP(VARCHAR, VARCHAR)',
      properties: 'JSON', context: 'JSON'
    })
  ),
  lines_of_exposures AS (
    SELECT unit, time AS "at", variant FROM records
    WHERE event = 'exposure' AND experiment = '${EXPERIMENT}' AND checksum = '${CHECKSUM}'
      AND identity = 'user.id' AND NOT overridden
  ),
  lines_of_outcomes AS (
    SELECT units['user.id'] AS unit, id, time AS "at", name,
      TRY_CAST(properties->>'value' AS DOUBLE) AS value
    FROM records WHERE event = 'outcome'
  )
  ${byHand('lines_of_exposures', 'lines_of_outcomes', { merge: true }).replace('WITH units AS', ', units AS')}`;
