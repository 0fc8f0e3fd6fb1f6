import type { MetricType } from '../../specification/metric-types.ts';
import {
  decimalsOf,
  formatInterval,
  formatNumber,
  formatShare,
  NONE,
  signOf,
} from '../../ui/figures.ts';
import type { Interval } from '../result/result.ts';

/** Formats the value of a metric: a percentage for shares of units, otherwise a number. */
export function formatValue(type: MetricType, value: number | null): string {
  return isShare(type) ? formatShare(value) : formatNumber(value);
}

/** Formats an absolute difference with its sign: percentage points for shares of units, otherwise a number. */
export function formatDifference(type: MetricType, value: number | null): string {
  return withPoints(type, differenceText(type, value));
}

/** Formats the limits of an absolute difference: `−0.01 to +0.09 points`. */
export function formatDifferenceInterval(type: MetricType, interval: Interval | null): string {
  return withPoints(
    type,
    formatInterval(interval, (value) => differenceText(type, value)),
  );
}

function differenceText(type: MetricType, value: number | null): string {
  if (value === null || !Number.isFinite(value)) return NONE;
  const points = value * 100;
  const text = isShare(type)
    ? Math.abs(points).toFixed(decimalsOf(points, 2))
    : formatNumber(Math.abs(value));
  return `${signOf(value, text)}${text}`;
}

function withPoints(type: MetricType, text: string): string {
  if (!isShare(type) || !/\d/.test(text)) return text;
  return text.replace(/( or (?:less|more))?$/, ' points$1');
}

/** Reports whether values of a metric are shares of units. */
export function isShare(type: MetricType): boolean {
  return type === 'proportion' || type === 'retention';
}
