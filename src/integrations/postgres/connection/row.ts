import { StoreError } from '../../../errors/store-errors.ts';

/**
 * Returns a column of a row. All statements select text, so that type parsers of the application
 * have no effect.
 *
 * @throws StoreError (`store`) if the value is neither text nor null, which a supported client
 *   never returns
 */
export function textIn(row: unknown, column: string): string | null {
  const value: unknown =
    typeof row === 'object' && row !== null ? Reflect.get(row, column) : undefined;
  if (value === null || typeof value === 'string') return value;
  throw new StoreError(
    `the client did not return the column ${column} as text; use a client that is compatible with the package pg`,
  );
}

/**
 * Returns a column that must not be null.
 *
 * @throws StoreError (`store`) if the column is null or {@link textIn} throws
 */
export function requiredText(row: unknown, column: string): string {
  const text = textIn(row, column);
  if (text === null)
    throw new StoreError(
      `the column ${column} is null, but must have a value; check the tables of Evenhand`,
    );
  return text;
}

/**
 * Returns a column that must be a whole number below 2^53. PostgreSQL's bigint has more digits than a
 * number of JavaScript keeps.
 *
 * @throws StoreError (`store`) if it is not, or {@link requiredText} throws
 */
export function requiredNumber(row: unknown, column: string): number {
  const text = requiredText(row, column);
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new StoreError(
    `the column ${column} is ${text}, but must be a whole number below 2^53; check the tables of Evenhand`,
  );
}
