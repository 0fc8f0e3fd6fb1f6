import type { MetricRole } from '../../plan/analysis-plan.ts';
import type { MetricSpec, MetricType } from '../../../specification/metric-types.ts';
import type { FigureStatus } from '../result.ts';

/** Returns the keys of a record, of which the compiler checks that none is missing. */
function all<K extends string>(record: Readonly<Record<K, true>>): K[] {
  return Object.keys(record) as K[];
}

/** The types of metrics. */
export const METRIC_TYPES = all<MetricType>({
  proportion: true,
  count: true,
  sum: true,
  mean: true,
  ratio: true,
  quantile: true,
  retention: true,
});

/** The roles of metrics. */
export const ROLES = all<MetricRole>({ primary: true, secondary: true, guardrail: true });

/** The directions of an improvement. */
export const DIRECTIONS = all<MetricSpec['better']>({ up: true, down: true });

/** The status of a figure. */
export const STATUSES = all<FigureStatus>({
  ok: true,
  'ok-small-counts': true,
  'ok-baseline-near-zero': true,
  'too-few': true,
  'no-variance': true,
  'no-baseline': true,
  'no-denominator': true,
  unbounded: true,
  impossible: true,
});
