import { atOnce } from '../../../runtime/steps.ts';
import { readSpecification } from '../../../specification/read.ts';
import type { PostgresQueryable } from '../connection/connection.ts';
import { requiredText } from '../connection/row.ts';

/**
 * Returns the whole specification, as in `experiments.config.json`, as this transaction sees it.
 */
export async function readWholeSet(
  connection: PostgresQueryable,
  prefix: string,
): Promise<unknown> {
  const { rows } = await connection.query(`SELECT ${prefix}evenhand_document() AS document`);
  return JSON.parse(requiredText(rows[0], 'document'));
}

/**
 * Validates the whole specification that a transaction would commit. Call it after the last change.
 * Every writer holds the lock of `evenhand_revision`, so no other change can come in between.
 *
 * @returns the whole specification
 *
 * Rejects with SpecError (`spec`), which lists every problem.
 */
export async function assertWholeSet(
  connection: PostgresQueryable,
  prefix: string,
): Promise<unknown> {
  const data = await readWholeSet(connection, prefix);
  // Only validated and not compiled, because other writers wait for the lock.
  const origin = 'the specification after this change';
  // The names of custom operators were checked when the script was written.
  atOnce(readSpecification({ data, origin, named: true }, 'any'));
  return data;
}
