import type { SqlDialect } from './sql-dialect.ts';
import { backslashQuoted, backslashText, utcText } from './texts.ts';

/** The dialect of ClickHouse 22.6 and later. JSON columns are of the type String. */
export const clickhouse: SqlDialect = {
  text,
  identifier: backslashQuoted,
  time: (ms) => `toDateTime64('${utcText(ms)}', 3, 'UTC')`,
  micros: (expression) => `toUnixTimestamp64Micro(toDateTime64(${expression}, 6, 'UTC'))`,
  types: { text: 'Nullable(String)', real: 'Nullable(Float64)', integer: 'Nullable(Int64)' },
  toNumber: (expression) => `toFloat64OrNull(toString(${expression}))`,
  jsonText: (json, path) =>
    `if(JSONType(${json}${keys(path)}) = 'String', JSONExtractString(${json}${keys(path)}), ` +
    `nullIf(nullIf(JSONExtractRaw(${json}${keys(path)}), 'null'), ''))`,
  jsonNumber: (json, path) =>
    `if(${isKind('number', json, path)}, JSONExtractFloat(${json}${keys(path)}), NULL)`,
  jsonIs: isKind,
  byCodePoint: (expression) => expression,
  quotient: (expression, divisor) => `intDiv(${expression}, ${divisor})`,
  // A tuple is never NULL, so that rows with NULL in a value are not passed over.
  firstValues(columns, at, id) {
    const key = id === undefined ? at : `tuple(${at}, ${id})`;
    return {
      aggregates: [
        `argMin(tuple(${columns.map(({ name }) => name).join(', ')}), ${key}) AS first_row`,
      ],
      fields: columns.map((_, i) => `tupleElement(first_row, ${i + 1})`),
    };
  },
  quantile: (expression, share) => `quantileExactInclusive(${share})(${expression})`,
  quantileIsWindow: false,
  variance: (expression) => `varSampStable(${expression})`,
  covariance: (a, b) => `covarSampStable(${a}, ${b})`,
  looksHashed: (expression) =>
    `(length(${expression}) = 64 AND match(${expression}, '^[0-9a-f]{64}$'))`,
  randomText: 'toString(generateUUIDv4())',
  materialized: '',
  // Without the first setting, an outer join fills in 0 and empty texts.
  settings: '\nSETTINGS join_use_nulls = 1, prefer_column_name_to_alias = 1',
};

const KINDS = {
  text: "'String'",
  number: "'Int64', 'UInt64', 'Double'",
  boolean: "'Bool'",
  missing: "'Null'",
} as const;

function text(value: string): string {
  return backslashText(value, '\\0');
}

function keys(path: readonly string[]): string {
  return path.map((key) => `, ${text(key)}`).join('');
}

function isKind(kind: keyof typeof KINDS, json: string, path: readonly string[]): string {
  return `coalesce(toString(JSONType(${json}${keys(path)})), 'Null') IN (${KINDS[kind]})`;
}
