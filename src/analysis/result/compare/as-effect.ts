import type { Estimate, Range } from '../../../stats/effects/estimate.ts';
import type { Effect, Interval } from '../result.ts';
import type { MetricFamily } from './metric-family.ts';

/** Returns an estimate as plain JSON data: null instead of open ends and numbers that are not finite. */
export function asEffect(estimate: Estimate, family: MetricFamily): Effect {
  const { status, standardError, interval } = estimate;
  return {
    status,
    estimate: finite(estimate.estimate),
    standardError: finite(standardError),
    interval: asInterval(interval),
    method: family === 'quantile' && estimate.method === 'welch' ? 'quantile' : estimate.method,
  };
}

/** Returns an interval with null for an open end; null if both ends are open. */
export function asInterval(interval: Range | null): Interval | null {
  if (interval === null) return null;
  const [low, high] = interval.map(finite);
  if (low === undefined || high === undefined) return null;
  return low === null && high === null ? null : [low, high];
}

/** Returns the number, or null if it is not finite. JSON has no −0, so it becomes 0. */
export function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value + 0 : null;
}
