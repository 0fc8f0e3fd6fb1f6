import { isBetween, MAX_MS, millisecondsRange } from '../../options/numbers.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { quote, showValue } from '../../errors/show-value.ts';
import type { Source } from '../source.ts';

/** Asking more often is no polling. */
export const MIN_INTERVAL_MS = 100;

/** How often a source is polled that watches but says nothing else: a safety net. */
const WATCHED_INTERVAL_MS = 60_000;

const DEFAULT_TIMEOUT_MS = 10_000;

/** Writing a file takes no longer. */
const MAX_SETTLE_MS = 60_000;

/** What a source says about time, in milliseconds. */
export interface Timing {
  /** Undefined: never polled. */
  readonly intervalMs: number | undefined;
  readonly watchedIntervalMs: number | undefined;
  readonly timeoutMs: number;
  readonly settleMs: number;
}

/**
 * A source's times, with the defaults.
 *
 * @throws OptionError (`option`) for what can't be meant; sources may be written without types
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
