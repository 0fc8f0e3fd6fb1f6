import { AnalysisError } from '../../errors/analysis-error.ts';
import type { QueryOptions } from '../engine.ts';

/** The longest delay of a timer in Node, in milliseconds. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The time that a database has to stop a cancelled statement, in milliseconds. */
export const GRACE_MS = 5000;

/** The seam between a statement and the caller who may stop waiting for it. */
export interface Bound {
  /** Aborted when the caller aborts or the time is up. */
  readonly signal: AbortSignal;
}

/**
 * Runs a statement until it ends, the caller aborts, or its time is up. Rejects at the latest `graceMs`
 * after the abort, even if the database does not react; a later result is ignored.
 *
 * Rejects with the signal's reason, or with AnalysisError (`analysis`) when the time is up.
 *
 * @param who the database, for the message: `DuckDB`
 * @param work must stop when its signal is aborted
 */
export async function bounded<Value>(
  who: string,
  { signal, timeoutMs }: QueryOptions,
  work: (bound: Bound) => Promise<Value>,
  graceMs = GRACE_MS,
): Promise<Value> {
  signal?.throwIfAborted();
  const stop = new AbortController();
  const abort = () => stop.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => stop.abort(lateError(who, timeoutMs)), Math.min(timeoutMs, MAX_DELAY_MS));
  let late: NodeJS.Timeout | undefined;
  const given = new Promise<never>((_, reject) => {
    stop.signal.addEventListener(
      'abort',
      () => {
        late = setTimeout(() => reject(stop.signal.reason), graceMs);
      },
      { once: true },
    );
  });
  try {
    return await Promise.race([work({ signal: stop.signal }), given]);
  } catch (error) {
    // Whatever the database says about a cancelled statement, the cause is the abort.
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', abort);
    clearTimeout(timer);
    clearTimeout(late);
  }
}

/** Returns the error for a statement whose time is up. */
export function lateError(who: string, timeoutMs: number, cause?: unknown): AnalysisError {
  return new AnalysisError(
    `${who} did not finish within ${timeoutMs / 1000} s; allow more time, or analyse a shorter period`,
    { cause },
  );
}
