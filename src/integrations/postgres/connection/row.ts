import { StoreError } from '../../../errors/store-errors.ts';

/**
 * A column of a row. Our statements ask for texts only, so that it does not matter how an application
 * has told its client to read other types.
 *
 * @throws StoreError (`store`) where it is neither a text nor null: the client is none we know
 */
export function textIn(row: unknown, column: string): string | null {
  const value: unknown =
    typeof row === 'object' && row !== null ? Reflect.get(row, column) : undefined;
  if (value === null || typeof value === 'string') return value;
  throw new StoreError(
    `the client gives no column ${column} as a text; does it answer as the package pg does?`,
  );
}

/**
 * A column that is never null.
 *
 * @throws StoreError (`store`) where it is
 */
export function requiredText(row: unknown, column: string): string {
  const text = textIn(row, column);
  if (text === null) throw new StoreError(`PostgreSQL has nothing in the column ${column}`);
  return text;
}
