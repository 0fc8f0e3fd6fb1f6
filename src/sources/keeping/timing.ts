import { isBetween, MAX_MS, millisecondsRange } from '../../options/numbers.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { quote, showValue } from '../../errors/show-value.ts';
import type { Delivery, Source } from '../source.ts';
import { SourceError } from '../../errors/store-errors.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { within } from '../../runtime/within.ts';
import { isThenable } from '../../runtime/thenable.ts';
import type { Revision } from '../../specification/types.ts';

/** The shortest polling interval, in milliseconds. */
export const MIN_INTERVAL_MS = 100;

/** The polling interval of a source that only watches: a safety net for lost notifications. */
const WATCHED_INTERVAL_MS = 60_000;

const DEFAULT_TIMEOUT_MS = 10_000;

/** The longest `settleMs`: writing a file takes less. */
const MAX_SETTLE_MS = 60_000;

/** The times of a source, in milliseconds. */
export interface Timing {
  /** Undefined for a source that is never polled. */
  readonly intervalMs: number | undefined;
  readonly watchedIntervalMs: number | undefined;
  readonly timeoutMs: number;
  readonly settleMs: number;
}

/**
 * Returns the times of a source with their defaults.
 *
 * @throws OptionError (`option`) for a time out of range or a missing name; sources may be written
 *   without types
 */
export function timingOf(source: Source): Timing {
  const name: unknown = source.name;
  if (typeof name !== 'string') {
    throw new OptionError(
      `the source has no name, which messages show; set its "name" to a string, not ${showValue(name)}`,
    );
  }
  const net = source.watch === undefined ? undefined : WATCHED_INTERVAL_MS;
  const intervalMs = read(source, 'intervalMs', MIN_INTERVAL_MS, MAX_MS) ?? net;
  return {
    intervalMs,
    watchedIntervalMs: read(source, 'watchedIntervalMs', MIN_INTERVAL_MS, MAX_MS) ?? intervalMs,
    timeoutMs: read(source, 'timeoutMs', 1, MAX_MS) ?? DEFAULT_TIMEOUT_MS,
    settleMs: read(source, 'settleMs', 0, MAX_SETTLE_MS) ?? 0,
  };
}

function read(
  source: Source,
  name: Exclude<keyof Timing, symbol>,
  min: number,
  max: number,
): number | undefined {
  const value: unknown = source[name];
  if (value === undefined || isBetween(value, min, max)) return value;
  throw new OptionError(
    `the source ${quote(source.name)}: ${name} must be ${millisecondsRange(min, max)}, not ${showValue(value)}`,
  );
}

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

/** The longest time for a source to close, in milliseconds. */
const MAX_CLOSE_MS = 5000;

/**
 * Closes a source, which has as long as for a load, at most five seconds.
 *
 * Rejects with SourceError (`source`) if it fails or takes longer.
 */
export async function timedClose(source: Source, timeoutMs: number): Promise<void> {
  const closeMs = Math.min(timeoutMs, MAX_CLOSE_MS);
  const late = () => new Error(`close() did not finish within ${closeMs} ms`);
  const closing = async (): Promise<void> => source.close?.();
  await within(closing(), closeMs, late).catch((cause: unknown) => {
    const reason = thrownMessage(cause);
    throw new SourceError(`the source ${quote(source.name)} could not be closed: ${reason}`, {
      cause,
    });
  });
}

/** Returns the error for callers that still wait when the client closes. */
export function closedError(source: Source): SourceError {
  return new SourceError(`the source ${quote(source.name)} was closed`);
}
