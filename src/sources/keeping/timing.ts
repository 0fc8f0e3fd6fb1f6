import { isBetween, MAX_MS, millisecondsRange } from '../../options/numbers.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { quote, showValue } from '../../errors/show-value.ts';
import type { Source } from '../source.ts';

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
 * @throws OptionError (`option`) for a time out of range; sources may be written without types
 */
export function timingOf(source: Source): Timing {
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
