import { isObject } from '../../../options/check-options.ts';

/** Five digits or capitals. */
const SQL_STATE = /^[0-9A-Z]{5}$/;

/**
 * The code of what PostgreSQL has refused ("PostgreSQL Error Codes", appendix A of its manual), also
 * behind a `cause`; undefined where it was not PostgreSQL that has failed, but the way there.
 */
export function sqlStateOf(error: unknown): string | undefined {
  return ownState(error) ?? (isObject(error) ? ownState(error['cause']) : undefined);
}

function ownState(error: unknown): string | undefined {
  // Node's own codes, as EPIPE, may look alike; what comes from the server has a severity.
  if (!isObject(error) || !('severity' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && SQL_STATE.test(code) ? code : undefined;
}
