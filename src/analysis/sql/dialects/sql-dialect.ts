/** The types of JSON values that rules distinguish. */
export type JsonKind = 'text' | 'number' | 'boolean' | 'missing';

/** An expression for the first of several rows, and the expressions that read its values. */
export interface FirstValues {
  /** Aggregates with their aliases, as in a SELECT with GROUP BY. */
  readonly aggregates: readonly string[];
  /** One expression for each value, over the columns that the aggregates made. */
  readonly fields: readonly string[];
}

/** A column for {@link SqlDialect.firstValues}: a name from a fixed list, and its type. */
export interface TypedColumn {
  readonly name: string;
  readonly type: 'text' | 'integer';
}

/**
 * The parts of SQL that differ between databases. Arguments called `expression` are SQL; all others are
 * values, which are escaped here and nowhere else.
 */
export interface SqlDialect {
  /** A literal with this text. Half surrogate pairs become U+FFFD. */
  readonly text: (value: string) => string;
  /** A quoted identifier of a column of the user's SELECT. */
  readonly identifier: (name: string) => string;
  /** A literal of a time with zone, from milliseconds since 1970. */
  readonly time: (ms: number) => string;
  /** The whole microseconds since 1970 of a time. */
  readonly micros: (expression: string) => string;
  /** The names of the types; they must admit NULL. */
  readonly types: {
    readonly text: string;
    readonly real: string;
    readonly integer: string;
  };
  /** A number of a column of any type; NULL if it is not a number. */
  readonly toNumber: (expression: string) => string;
  /** The text of a scalar in JSON; NULL if it is missing or null. */
  readonly jsonText: (json: string, path: readonly string[]) => string;
  /** A JSON number; NULL for any other value. It may be infinite. */
  readonly jsonNumber: (json: string, path: readonly string[]) => string;
  /** A condition, never NULL: whether the JSON value is of this type. A JSON null is `missing`. */
  readonly jsonIs: (kind: JsonKind, json: string, path: readonly string[]) => string;
  /** Forces the comparison of texts by code point; most databases do so anyway. */
  readonly byCodePoint: (expression: string) => string;
  /** The quotient of an integer that is not negative and a positive whole number, rounded down. */
  readonly quotient: (expression: string, divisor: number | string) => string;
  /** The values of the row with the least `at`, then `id`. */
  readonly firstValues: (
    columns: readonly TypedColumn[],
    at: string,
    id: string | undefined,
  ) => FirstValues;
  /** The exact quantile of a group, interpolated between neighbours (type 7). */
  readonly quantile: (expression: string, share: number) => string;
  /** True if the quantile is a window function, which gives the same value in each row. */
  readonly quantileIsWindow: boolean;
  /** The sample variance, by a formula that is stable for large means. */
  readonly variance: (expression: string) => string;
  readonly covariance: (a: string, b: string) => string;
  /** A condition: 64 hexadecimal digits in lower case. */
  readonly looksHashed: (expression: string) => string;
  /**
   * The numbers of rows without an order; absent if that takes long, or a CTE can be computed twice. Units are
   * then grouped by their texts.
   */
  readonly rowNumber?: string;
  /** A random text, another one in each row. */
  readonly randomText: string;
  /** The hint after AS of a CTE that is used several times, with a space; empty if there is none. */
  readonly materialized: string;
  /** The end of a statement. */
  readonly settings: string;
}
