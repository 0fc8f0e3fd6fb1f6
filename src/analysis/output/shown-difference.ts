import type { MetricType } from '../../specification/metric-types.ts';
import type { Comparison } from '../result/result.ts';
import { formatChange, formatChangeInterval } from '../../ui/figures.ts';
import { formatDifference, formatDifferenceInterval } from './format.ts';
import { isShown } from './words.ts';

/** Formats a comparison's difference and its interval: relative if possible, otherwise absolute. */
export function shownDifference(
  type: MetricType,
  { relative, absolute }: Comparison,
): readonly [difference: string, interval: string] {
  return isShown(relative)
    ? [formatChange(relative.estimate), formatChangeInterval(relative.interval)]
    : [
        formatDifference(type, absolute.estimate),
        formatDifferenceInterval(type, absolute.interval),
      ];
}
