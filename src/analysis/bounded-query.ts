import { AnalysisError } from '../errors/analysis-error.ts';
import { ownError } from '../errors/evenhand-error.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { QueryOptions } from './engine.ts';

/** The time that an engine has to stop after its limit, before its answer is no longer awaited. */
const GRACE_MS = 6000;

/** The limits of all statements of an analysis together. */
export interface QueryLimits {
  /** The end of the allowed time, by `performance.now()`. */
  readonly deadline: number;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** For tests. Default: 6 seconds. */
  readonly graceMs?: number;
}

/**
 * Runs a statement within the limits. Rejects with the signal's reason after an abort, even if the engine
 * does not react, and with AnalysisError (`analysis`) for everything else.
 */
export async function boundedQuery<Value>(
  run: (options: QueryOptions) => Promise<Value>,
  { deadline, timeoutMs, signal, graceMs = GRACE_MS }: QueryLimits,
  onProgress: (share: number) => void,
): Promise<Value> {
  signal?.throwIfAborted();
  const remainingMs = Math.ceil(deadline - performance.now());
  if (remainingMs <= 0) throw tooLate(timeoutMs);
  const stop = new AbortController();
  const abort = (): void => stop.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(() => stop.abort(tooLate(timeoutMs)), remainingMs + graceMs);
  const ended = new Promise<never>((_, reject) => {
    const end = (): void => reject(stop.signal.reason as Error);
    stop.signal.addEventListener('abort', end, { once: true });
  });
  const guarded = (share: number): void => {
    try {
      if (!stop.signal.aborted) onProgress(share);
    } catch (error) {
      // A callback that throws ends the analysis, not the engine's process.
      stop.abort(error);
    }
  };
  try {
    const work = run({ signal: stop.signal, timeoutMs: remainingMs, onProgress: guarded });
    return await Promise.race([work, ended]);
  } catch (error) {
    if (stop.signal.aborted) throw stop.signal.reason;
    throw ownError(error) ?? failed(error);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function tooLate(timeoutMs: number): AnalysisError {
  return new AnalysisError(
    `the database did not finish within ${timeoutMs / 1000} s; raise timeoutMs, or analyse a shorter period`,
  );
}

function failed(cause: unknown): AnalysisError {
  return new AnalysisError(`the database refused the statement: ${thrownMessage(cause)}`, {
    cause,
  });
}
