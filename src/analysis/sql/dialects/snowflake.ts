import type { SqlDialect } from './sql-dialect.ts';
import { backslashText, quoted, utcText } from './texts.ts';

/** The dialect of Snowflake. JSON columns are of the type VARIANT or OBJECT. Not run in tests. */
export const snowflake: SqlDialect = {
  text,
  identifier: (name) => quoted(name, '"'),
  time: (ms) => `'${utcText(ms)} +0000'::TIMESTAMP_TZ`,
  micros: (expression) => `DATE_PART(EPOCH_MICROSECOND, ${expression})`,
  types: { text: 'VARCHAR', real: 'DOUBLE', integer: 'NUMBER(38, 0)' },
  toNumber: (expression) => `TRY_TO_DOUBLE(TO_VARCHAR(${expression}))`,
  jsonText: (json, path) => `CAST(${at(json, path)} AS VARCHAR)`,
  jsonNumber: (json, path) =>
    `CASE WHEN ${isKind('number', json, path)} THEN TRY_TO_DOUBLE(TO_VARCHAR(${at(json, path)})) END`,
  jsonIs: isKind,
  byCodePoint: (expression) => expression,
  quotient: (expression, divisor) => `FLOOR(${expression} / ${divisor})`,
  // MIN_BY has one key: a time of fixed length, then the id.
  firstValues(columns, time, id) {
    const key = id === undefined ? time : `LPAD(TO_VARCHAR(${time}), 20, '0') || ${id}`;
    return {
      aggregates: columns.map(({ name }, i) => `MIN_BY(${name}, ${key}) AS first_${i}`),
      fields: columns.map((_, i) => `first_${i}`),
    };
  },
  quantile: (expression, share) =>
    `CAST(PERCENTILE_CONT(${share}) WITHIN GROUP (ORDER BY ${expression}) AS DOUBLE)`,
  quantileIsWindow: false,
  variance: (expression) => `VAR_SAMP(${expression})`,
  covariance: (a, b) => `COVAR_SAMP(${a}, ${b})`,
  looksHashed: (expression) => `REGEXP_LIKE(${expression}, '[0-9a-f]{64}')`,
  randomText: 'UUID_STRING()',
  materialized: '',
  settings: '',
};

const KINDS = {
  text: "'VARCHAR'",
  number: "'INTEGER', 'DECIMAL', 'DOUBLE'",
  boolean: "'BOOLEAN'",
  missing: "'NULL_VALUE'",
} as const;

function text(value: string): string {
  return backslashText(value, '\\0');
}

function at(json: string, path: readonly string[]): string {
  return path.reduce((value, key) => `GET(${value}, ${text(key)})`, json);
}

function isKind(kind: keyof typeof KINDS, json: string, path: readonly string[]): string {
  return `COALESCE(TYPEOF(${at(json, path)}), 'NULL_VALUE') IN (${KINDS[kind]})`;
}
