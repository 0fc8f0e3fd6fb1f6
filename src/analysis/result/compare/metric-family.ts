import type { MetricSpec } from '../../../specification/metric-types.ts';

/** The family of a metric's formulas. */
export type MetricFamily = 'proportion' | 'mean' | 'ratio' | 'quantile';

/** Returns the family of a metric's formulas. */
export function familyOf({ type }: MetricSpec): MetricFamily {
  if (type === 'proportion' || type === 'retention') return 'proportion';
  if (type === 'ratio' || type === 'mean') return 'ratio';
  return type === 'quantile' ? 'quantile' : 'mean';
}
