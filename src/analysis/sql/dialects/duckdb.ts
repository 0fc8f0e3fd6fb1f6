import type { SqlDialect } from './sql-dialect.ts';
import { quoted, standardText, utcText } from './texts.ts';

/** The dialect of DuckDB 1.2 and later. */
export const duckdb: SqlDialect = {
  text,
  identifier: (name) => quoted(name, '"'),
  time: (ms) => `TIMESTAMPTZ '${utcText(ms)}+00'`,
  // Arithmetic with TIMESTAMPTZ would need the extension ICU.
  micros: (expression) => `epoch_us(${expression})`,
  types: { text: 'VARCHAR', real: 'DOUBLE', integer: 'BIGINT' },
  toNumber: (expression) => `TRY_CAST(${expression} AS DOUBLE)`,
  jsonText: (json, path) => `(${json} ->> ${keys(path)})`,
  // As text, a JSON string keeps its quotes, so only numbers are cast.
  jsonNumber: (json, path) => `TRY_CAST(CAST((${json} -> ${keys(path)}) AS VARCHAR) AS DOUBLE)`,
  jsonIs: (kind, json, path) =>
    `coalesce(json_type(${json}, ${keys(path)}), 'NULL') IN (${KINDS[kind]})`,
  byCodePoint: (expression) => expression,
  quotient: (expression, divisor) => `(${expression} // ${divisor})`,
  firstValues(columns, at, id) {
    if (id === undefined) {
      // Rows of the same time: all aggregates keep the same one, because they meet the rows in the same order.
      return {
        aggregates: columns.map(({ name }, i) => `arg_min(${name}, ${at}) AS first_${i}`),
        fields: columns.map((_, i) => `first_${i}`),
      };
    }
    const key = `(${at}, ${id})`;
    const [only] = columns;
    if (only !== undefined && columns.length === 1) {
      return { aggregates: [`arg_min(${only.name}, ${key}) AS first_0`], fields: ['first_0'] };
    }
    // Comparing two values for each column would take longer than one structure.
    const packed = columns.map(({ name }, i) => `f${i}: ${name}`).join(', ');
    return {
      aggregates: [`arg_min({${packed}}, ${key}) AS first_row`],
      fields: columns.map((_, i) => `first_row.f${i}`),
    };
  },
  quantile: (expression, share) => `quantile_cont(${expression}, ${share})`,
  quantileIsWindow: false,
  variance: (expression) => `var_samp(${expression})`,
  covariance: (a, b) => `covar_samp(${a}, ${b})`,
  looksHashed: (expression) =>
    `(length(${expression}) = 64 AND regexp_full_match(${expression}, '[0-9a-f]{64}'))`,
  // Joins and groups by numbers take half the time of those by texts.
  rowNumber: 'row_number() OVER ()',
  randomText: 'CAST(random() AS VARCHAR)',
  materialized: 'MATERIALIZED ',
  settings: '',
};

const KINDS = {
  text: "'VARCHAR'",
  number: "'BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT', 'DOUBLE', 'DECIMAL'",
  boolean: "'BOOLEAN'",
  missing: "'NULL'",
} as const;

/** The parser ends at the character NUL. */
function text(value: string): string {
  const parts = value.split('\0').map(standardText);
  return parts.length === 1 ? parts.join('') : `(${parts.join(' || chr(0) || ')})`;
}

/**
 * A JSON path with quoted keys, which read objects only. It can't have an empty key, and the key `*` stands
 * for all keys even in quotes. A JSON pointer can have both, but would read lists too.
 */
function keys(path: readonly string[]): string {
  if (path.includes('') || path.includes('*')) {
    return text(path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''));
  }
  const quotedKeys = path.map((key) => `."${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`);
  return text(`$${quotedKeys.join('')}`);
}
