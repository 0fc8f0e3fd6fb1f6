import type { SqlDialect } from './sql-dialect.ts';
import { backslashText, quoted, utcText } from './texts.ts';

/**
 * The dialect of Spark 3.4 and later, and Databricks. JSON columns are of the type STRING.
 *
 * `get_json_object` gives only the text of a value. So a JSON string with the text of a number counts as a
 * number, a number equals a string with its text, and so do True and False. A key with a quote or a question
 * mark, and a point or a bracket too, can't be written as a path; it reads as missing.
 */
export const spark: SqlDialect = {
  text,
  identifier: (name) => quoted(name, '`'),
  time: (ms) => `TIMESTAMP '${utcText(ms)}Z'`,
  micros: (expression) => `unix_micros(${expression})`,
  types: { text: 'STRING', real: 'DOUBLE', integer: 'BIGINT' },
  toNumber: (expression) => `try_cast(${expression} AS DOUBLE)`,
  jsonText,
  jsonNumber: (json, path) => `try_cast(${jsonText(json, path)} AS DOUBLE)`,
  jsonIs(kind, json, path) {
    const value = jsonText(json, path);
    if (kind === 'missing') return `(${value} IS NULL)`;
    if (kind === 'number') return `(try_cast(${value} AS DOUBLE) IS NOT NULL)`;
    if (kind === 'boolean') return `(coalesce(${value}, '') IN ('true', 'false'))`;
    return `(${value} IS NOT NULL)`;
  },
  byCodePoint: (expression) => expression,
  quotient: (expression, divisor) => `(${expression} DIV ${divisor})`,
  firstValues(columns, at, id) {
    const key = id === undefined ? at : `struct(${at}, ${id})`;
    const packed = columns.map(({ name }, i) => `${name} AS f${i}`).join(', ');
    return {
      aggregates: [`min_by(struct(${packed}), ${key}) AS first_row`],
      fields: columns.map((_, i) => `first_row.f${i}`),
    };
  },
  quantile: (expression, share) => `percentile(${expression}, ${share})`,
  quantileIsWindow: false,
  variance: (expression) => `var_samp(${expression})`,
  covariance: (a, b) => `covar_samp(${a}, ${b})`,
  looksHashed: (expression) =>
    `(length(${expression}) = 64 AND ${expression} RLIKE '^[0-9a-f]{64}$')`,
  randomText: 'uuid()',
  materialized: '',
  settings: '',
};

function text(value: string): string {
  return backslashText(value, '\\u0000');
}

function jsonText(json: string, path: readonly string[]): string {
  const steps = path.map((key) => {
    if (!/['?]/.test(key)) return `['${key}']`;
    return /[.[]/.test(key) ? undefined : `.${key}`;
  });
  if (steps.includes(undefined) || path.includes('')) return 'CAST(NULL AS STRING)';
  return `get_json_object(${json}, ${text(`$${steps.join('')}`)})`;
}
