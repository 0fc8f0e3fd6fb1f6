import { isObject } from '../../../options/check-options.ts';

/** Five digits or capital letters. */
const SQL_STATE = /^[0-9A-Z]{5}$/;

/**
 * Returns PostgreSQL's error code ("PostgreSQL Error Codes", appendix A of its manual) of an error
 * or of its `cause`. Returns undefined if the error comes from the connection and not from
 * PostgreSQL.
 */
export function sqlStateOf(error: unknown): string | undefined {
  return ownState(error) ?? (isObject(error) ? ownState(error['cause']) : undefined);
}

function ownState(error: unknown): string | undefined {
  // Codes of Node, such as EPIPE, look the same; only errors of the server have a severity.
  if (!isObject(error) || !('severity' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && SQL_STATE.test(code) ? code : undefined;
}
