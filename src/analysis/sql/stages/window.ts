import type { MetricSpec } from '../../../specification/metric-types.ts';

/** The time in which a metric's outcomes count, in microseconds after the first exposure. */
export interface Window {
  /** Included. */
  readonly start: number;
  /** Excluded; absent: until the end of the analysis. */
  readonly end?: number;
}

/** Returns the window of a metric. */
export function windowOf({ delayMs, windowMs }: Pick<MetricSpec, 'delayMs' | 'windowMs'>): Window {
  const start = delayMs * 1000;
  return windowMs === null ? { start } : { start, end: start + windowMs * 1000 };
}
