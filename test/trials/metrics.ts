import type { MetricSpec } from '../../src/specification/metric-types.ts';

const DAY_MS = 86_400_000;

/** Returns a metric of purchases, with other properties. */
export function metric(more: Partial<MetricSpec> & Pick<MetricSpec, 'type'>): MetricSpec {
  return {
    name: more.type,
    outcomes: ['purchase'],
    delayMs: 0,
    windowMs: 7 * DAY_MS,
    cap: null,
    better: 'up',
    ...more,
  };
}

/** One metric of each type. */
export const ONE_OF_EACH: readonly MetricSpec[] = [
  metric({ type: 'proportion', where: "currency == 'EUR'" }),
  metric({ type: 'retention', outcomes: ['visit'], delayMs: DAY_MS }),
  metric({ type: 'count' }),
  metric({ type: 'sum', value: 'order.total' }),
  metric({ type: 'mean', value: 'value' }),
  metric({
    name: 'clicks_per_search',
    type: 'ratio',
    outcomes: ['click', 'search'],
    numerator: { outcomes: ['click'] },
    denominator: { outcomes: ['search'] },
  }),
  metric({
    name: 'good_searches',
    type: 'ratio',
    outcomes: ['search'],
    numerator: { outcomes: ['search'], where: 'clicked == True' },
    denominator: { outcomes: ['search'] },
  }),
  metric({
    name: 'margin',
    type: 'ratio',
    outcomes: ['purchase'],
    numerator: { outcomes: ['purchase'], value: 'profit' },
    denominator: { outcomes: ['purchase'], value: 'total' },
  }),
  metric({ name: 'slow', type: 'quantile', value: 'ms', quantile: 0.9, of: 'outcomes' }),
  metric({ name: 'slow_units', type: 'quantile', value: 'ms', quantile: 0.5, of: 'units' }),
];
