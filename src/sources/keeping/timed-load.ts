import { SourceError } from '../../errors/store-errors.ts';
import { quote } from '../../errors/show-value.ts';
import { isThenable } from '../../runtime/thenable.ts';
import type { Delivery, Source } from '../source.ts';
import type { Revision } from '../../specification/types.ts';

/** Options of {@link timedLoad}. */
export interface TimedLoadOptions {
  readonly timeoutMs: number;
  readonly known: Revision | undefined;
  /** Aborted when the client closes. */
  readonly signal: AbortSignal;
}

/**
 * Loads a source with a time limit. At the limit the load is aborted, and a later answer is ignored. A
 * source that answers synchronously is not limited.
 *
 * Throws what the source throws; rejects with SourceError (`source`) at the limit.
 */
export function timedLoad(
  source: Source,
  { timeoutMs, known, signal }: TimedLoadOptions,
): Delivery | Promise<Delivery> {
  const load = new AbortController();
  const answer = source.load({ signal: load.signal, known });
  if (!isThenable(answer)) return answer;
  return new Promise((resolve, reject) => {
    const give = (reason: unknown) => {
      reject(reason);
      load.abort(reason);
    };
    const close = () => give(closedError(source));
    const timer = setTimeout(() => {
      give(new SourceError(`the source ${quote(source.name)} took longer than ${timeoutMs} ms`));
    }, timeoutMs);
    timer.unref();
    if (signal.aborted) close();
    else signal.addEventListener('abort', close, { once: true });
    Promise.resolve(answer)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        signal.removeEventListener('abort', close);
      });
  });
}

/** Returns the error for callers that still wait when the client closes. */
export function closedError(source: Source): SourceError {
  return new SourceError(`the source ${quote(source.name)} was closed`);
}
