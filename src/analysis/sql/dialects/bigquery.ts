import type { SqlDialect } from './sql-dialect.ts';
import { backslashQuoted, backslashText, quotedPath, utcText } from './texts.ts';

/** The dialect of BigQuery. JSON columns are of the type JSON. Not run in tests. */
export const bigquery: SqlDialect = {
  text,
  identifier: backslashQuoted,
  time: (ms) => `TIMESTAMP '${utcText(ms)}+00'`,
  micros: (expression) => `UNIX_MICROS(${expression})`,
  types: { text: 'STRING', real: 'FLOAT64', integer: 'INT64' },
  toNumber: (expression) => `SAFE_CAST(CAST(${expression} AS STRING) AS FLOAT64)`,
  jsonText: (json, path) => `JSON_VALUE(${json}, ${text(quotedPath(path))})`,
  jsonNumber: (json, path) => `SAFE_CAST(${raw(json, path)} AS FLOAT64)`,
  jsonIs(kind, json, path) {
    const value = raw(json, path);
    if (kind === 'missing') return `(${value} = 'null')`;
    if (kind === 'number') return `(SAFE_CAST(${value} AS FLOAT64) IS NOT NULL)`;
    if (kind === 'boolean') return `(${value} IN ('true', 'false'))`;
    return `STARTS_WITH(${value}, '"')`;
  },
  byCodePoint: (expression) => expression,
  quotient: (expression, divisor) => `DIV(${expression}, ${divisor})`,
  firstValues(columns, at, id) {
    const packed = columns.map(({ name }, i) => `${name} AS f${i}`).join(', ');
    const order = id === undefined ? at : `${at}, ${id}`;
    return {
      aggregates: [
        `ARRAY_AGG(STRUCT(${packed}) ORDER BY ${order} LIMIT 1)[OFFSET(0)] AS first_row`,
      ],
      fields: columns.map((_, i) => `first_row.f${i}`),
    };
  },
  quantile: (expression, share) => `PERCENTILE_CONT(${expression}, ${share}) OVER ()`,
  quantileIsWindow: true,
  variance: (expression) => `VAR_SAMP(${expression})`,
  covariance: (a, b) => `COVAR_SAMP(${a}, ${b})`,
  looksHashed: (expression) => `REGEXP_CONTAINS(${expression}, '^[0-9a-f]{64}$')`,
  randomText: 'GENERATE_UUID()',
  materialized: '',
  settings: '',
};

function text(value: string): string {
  return backslashText(value, '\\x00');
}

function raw(json: string, path: readonly string[]): string {
  return `TO_JSON_STRING(JSON_QUERY(${json}, ${text(quotedPath(path))}))`;
}
