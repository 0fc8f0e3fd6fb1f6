import { atOnce } from '../../../runtime/steps.ts';
import { readSpecification } from '../../../specification/read.ts';
import type { PostgresQueryable } from '../connection/connection.ts';
import { requiredText } from '../connection/row.ts';

/** Everything that is in force, as `experiments.config.json` would hold it, as a transaction sees it. */
export async function readWholeSet(
  connection: PostgresQueryable,
  prefix: string,
): Promise<unknown> {
  const { rows } = await connection.query(`SELECT ${prefix}evenhand_document() AS document`);
  return JSON.parse(requiredText(rows[0], 'document'));
}

/**
 * Checks what a transaction would put in force, all of it together; to be called after its last change,
 * before it commits. Who changes anything holds the lock of `evenhand_revision`, so nobody else adds
 * anything meanwhile.
 *
 * @returns the whole set
 *
 * Rejects with SpecError (`spec`) with every problem.
 */
export async function assertWholeSet(
  connection: PostgresQueryable,
  prefix: string,
): Promise<unknown> {
  const data = await readWholeSet(connection, prefix);
  // Validated, not compiled: others wait for the lock.
  atOnce(readSpecification({ data, origin: 'what would be in force', named: true }));
  return data;
}
