import type { SqlDialect } from './sql-dialect.ts';
import { quoted, standardText, utcText, withoutNul } from './texts.ts';

/** The text of a number that `double precision` can read, by which a column of unknown type is tested. */
const NUMBER = '^[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]{1,2})?$';

/** The longest text that is read as a number. */
const MAX_NUMBER = 100;

/** The dialect of PostgreSQL 13 and later. NUL in a text is U+FFFD, as `postgresSink` writes it. */
export const postgres: SqlDialect = {
  text,
  identifier: (name) => quoted(name, '"'),
  time: (ms) => `TIMESTAMPTZ '${utcText(ms)}+00'`,
  micros: (expression) => `CAST(extract(epoch FROM ${expression}) * 1000000 AS bigint)`,
  types: { text: 'text', real: 'double precision', integer: 'bigint' },
  toNumber: (expression) =>
    `CASE WHEN length(CAST(${expression} AS text)) <= ${MAX_NUMBER} AND ` +
    `CAST(${expression} AS text) ~ '${NUMBER}' ` +
    `THEN CAST(CAST(${expression} AS text) AS double precision) END`,
  jsonText: (json, path) => `(${at(json, path)} #>> '{}')`,
  // A numeric beyond the range of double precision is an error.
  jsonNumber: (json, path) =>
    `CASE WHEN jsonb_typeof(${at(json, path)}) = 'number' ` +
    `AND abs(CAST(${at(json, path)} AS numeric)) < 1e300 ` +
    `THEN CAST(CAST(${at(json, path)} AS numeric) AS double precision) END`,
  jsonIs: (kind, json, path) =>
    `coalesce(jsonb_typeof(${at(json, path)}), 'null') = ${KINDS[kind]}`,
  byCodePoint: (expression) => `(${expression}) COLLATE "C"`,
  quotient: (expression, divisor) => `(${expression} / ${divisor})`,
  // Aggregates with the same order share one sort.
  firstValues(columns, time, id) {
    const order = id === undefined ? time : `${time}, ${id} COLLATE "C"`;
    return {
      aggregates: columns.map(
        ({ name }, i) => `(array_agg(${name} ORDER BY ${order}))[1] AS first_${i}`,
      ),
      fields: columns.map((_, i) => `first_${i}`),
    };
  },
  quantile: (expression, share) =>
    `percentile_cont(${share}) WITHIN GROUP (ORDER BY ${expression})`,
  quantileIsWindow: false,
  variance: (expression) => `var_samp(${expression})`,
  covariance: (a, b) => `covar_samp(${a}, ${b})`,
  looksHashed: (expression) => `(length(${expression}) = 64 AND ${expression} ~ '^[0-9a-f]{64}$')`,
  randomText: 'CAST(random() AS text)',
  materialized: 'MATERIALIZED ',
  settings: '',
};

const KINDS = {
  text: "'string'",
  number: "'number'",
  boolean: "'boolean'",
  missing: "'null'",
} as const;

function text(value: string): string {
  const escaped = standardText(withoutNul(value));
  // With the E, the backslash means the same whatever standard_conforming_strings says.
  return escaped.includes('\\') ? `E${escaped.replaceAll('\\', '\\\\')}` : escaped;
}

/** The operator `->` with a text reads objects only; a path would read lists too. */
function at(json: string, path: readonly string[]): string {
  return `(CAST(${json} AS jsonb)${path.map((key) => ` -> ${text(key)}`).join('')})`;
}
