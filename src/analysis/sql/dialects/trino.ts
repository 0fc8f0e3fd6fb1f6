import type { SqlDialect } from './sql-dialect.ts';
import { quoted, standardText, utcText, withoutNul } from './texts.ts';

/** The dialect of Trino, and of Athena 3. JSON columns are of the type JSON or VARCHAR. Not run in tests. */
export const trino: SqlDialect = {
  text,
  identifier: (name) => quoted(name, '"'),
  time: (ms) => `TIMESTAMP '${utcText(ms)} UTC'`,
  micros: (expression) => `CAST(round(to_unixtime(${expression}) * 1000000) AS bigint)`,
  types: { text: 'varchar', real: 'double', integer: 'bigint' },
  toNumber: (expression) => `try_cast(${expression} AS double)`,
  jsonText: (json, path) => `json_extract_scalar(${json}, ${jsonPath(path)})`,
  jsonNumber: (json, path) => `try_cast(${raw(json, path)} AS double)`,
  jsonIs(kind, json, path) {
    const value = `coalesce(${raw(json, path)}, 'null')`;
    if (kind === 'missing') return `(${value} = 'null')`;
    if (kind === 'number') return `(try_cast(${value} AS double) IS NOT NULL)`;
    if (kind === 'boolean') return `(${value} IN ('true', 'false'))`;
    return `(substr(${value}, 1, 1) = '"')`;
  },
  byCodePoint: (expression) => expression,
  quotient: (expression, divisor) => `(${expression} / ${divisor})`,
  firstValues(columns, at, id) {
    const key = id === undefined ? at : `ROW(${at}, ${id})`;
    return {
      aggregates: columns.map(({ name }, i) => `min_by(${name}, ${key}) AS first_${i}`),
      fields: columns.map((_, i) => `first_${i}`),
    };
  },
  // There is no exact quantile but by rank.
  quantile(expression, share) {
    const sorted = `array_sort(array_agg(${expression}) FILTER (WHERE ${expression} IS NOT NULL))`;
    const place = `(cardinality(${sorted}) - 1) * ${share}e0`;
    const low = `element_at(${sorted}, CAST(floor(${place}) AS integer) + 1)`;
    const high = `element_at(${sorted}, CAST(ceil(${place}) AS integer) + 1)`;
    return `(${low} + (${place} - floor(${place})) * (${high} - ${low}))`;
  },
  quantileIsWindow: false,
  variance: (expression) => `var_samp(${expression})`,
  covariance: (a, b) => `covar_samp(${a}, ${b})`,
  looksHashed: (expression) =>
    `(length(${expression}) = 64 AND regexp_like(${expression}, '^[0-9a-f]{64}$'))`,
  randomText: 'CAST(uuid() AS varchar)',
  materialized: '',
  settings: '',
};

function text(value: string): string {
  return standardText(withoutNul(value));
}

function jsonPath(path: readonly string[]): string {
  const keys = path.map((key) => `["${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"]`);
  return text(`$${keys.join('')}`);
}

function raw(json: string, path: readonly string[]): string {
  return `json_format(json_extract(${json}, ${jsonPath(path)}))`;
}
