import { EXPOSURE_COLUMNS, OUTCOME_COLUMNS, type RecordSelect } from '../../engine.ts';
import type { SqlDialect } from '../dialects/sql-dialect.ts';

/** The columns of a user's SELECT that have a meaning of their own. */
const FIXED: ReadonlySet<string> = new Set([
  'unit',
  'at',
  'variant',
  'name',
  'is_exposure',
  ...EXPOSURE_COLUMNS,
  ...OUTCOME_COLUMNS,
]);

/** Reads values of records: from a column of the same name, or from the JSON of `context` or `properties`. */
export interface RecordColumns {
  has(column: string): boolean;
  /** The column, as text. */
  text(column: string): string;
  /** The column as a condition that is never NULL; false if it is absent. */
  isTrue(column: string): string;
  /** A column of the user's for a path; undefined if there is none. */
  further(path: string): string | undefined;
}

/** Returns the columns of a SELECT whose rows are called `r`. */
export function recordColumns(select: RecordSelect, dialect: SqlDialect): RecordColumns {
  const columns = new Set(select.columns);
  return {
    has: (name) => columns.has(name),
    text: (name) => `CAST(r.${name} AS ${dialect.types.text})`,
    isTrue: (name) => (columns.has(name) ? `coalesce(r.${name}, false)` : 'false'),
    further: (path) =>
      columns.has(path) && !FIXED.has(path) ? `r.${quotedColumn(path, dialect)}` : undefined,
  };
}

/** Returns a column's name, in quotes if it is one of the user's. */
export function quotedColumn(name: string, dialect: SqlDialect): string {
  return FIXED.has(name) ? name : dialect.identifier(name);
}

/** Returns the user's SELECT in parentheses, on lines of its own, without a semicolon at its end. */
export function nested({ sql }: RecordSelect): string {
  return `(\n${sql.trim().replace(/;+$/, '')}\n) r`;
}
