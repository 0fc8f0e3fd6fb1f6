import { atOnce } from '../../../src/runtime/steps.ts';
import type { AnalysisSpec, MetricSpec } from '../../../src/specification/metric-types.ts';
import { specificationSteps } from '../../../src/specification/specification.ts';
import type { Specification } from '../../../src/specification/types.ts';
import type { PlanExperimentOptions } from '../../../src/analysis/power/experiment-plan-options.ts';

const DAY = 86_400_000;

/** Experiments of several shapes: equal shares, unequal shares in one audience, and not yet split. */
const DATA = {
  experiments: [
    {
      name: 'checkout',
      identity: 'user.id',
      variants: [{ name: 'control' }, { name: 'short' }],
      audiences: [{ allocations: allocations({ control: 50, short: 50 }) }],
    },
    {
      name: 'prices',
      identity: 'user.id',
      variants: [{ name: 'off' }, { name: 'low' }, { name: 'high' }],
      audiences: [
        { rule: 'user.plan == "pro"', allocations: allocations({ off: 60, low: 30, high: 10 }) },
        { allocations: allocations({ off: 100 }) },
      ],
    },
    {
      name: 'later',
      identity: 'user.id',
      variants: [{ name: 'off' }, { name: 'on' }],
      audiences: [{ allocations: allocations({ off: 100 }) }],
    },
    {
      name: 'ramp',
      identity: 'user.id',
      variants: [{ name: 'inactive' }, { name: 'control' }, { name: 'short' }],
      audiences: [{ allocations: allocations({ inactive: 60, control: 20, short: 20 }) }],
    },
  ],
};

const ANALYSIS: AnalysisSpec = {
  primary: ['purchase'],
  secondary: ['revenue'],
  guardrails: [{ metric: 'errors', margin: 0.05 }],
  segments: [],
};

/** A metric with a window of 7 days. */
function metric(changes: Pick<MetricSpec, 'name' | 'type'> & Partial<MetricSpec>): MetricSpec {
  const usual = { outcomes: ['purchase'], delayMs: 0, windowMs: 7 * DAY, cap: null };
  return { ...usual, better: 'up', ...changes };
}

const METRICS: readonly MetricSpec[] = [
  metric({ name: 'purchase', type: 'proportion' }),
  metric({ name: 'revenue', type: 'sum', value: 'value', windowMs: 14 * DAY }),
  metric({ name: 'errors', type: 'proportion', outcomes: ['error'], better: 'down' }),
  metric({ name: 'middle', type: 'quantile', value: 'value', quantile: 0.5, of: 'outcomes' }),
  metric({ name: 'per_purchase', type: 'mean', value: 'value', windowMs: null }),
];

function allocations(percents: Readonly<Record<string, number>>): object[] {
  return Object.entries(percents).map(([variant, percent]) => ({ variant, percent }));
}

/** A specification with metrics of several types. */
export const SPECIFICATION: Specification = withMetrics(
  atOnce(specificationSteps(DATA, { origin: 'experiments.config.json' })),
);

function withMetrics(plain: Specification): Specification {
  const experiments = plain.experiments.map((one) =>
    one.name === 'checkout' ? { ...one, analysis: ANALYSIS } : one,
  );
  return { ...plain, experiments, metrics: METRICS };
}

/** The start of all plans. */
export const NOW = new Date('2026-12-01T10:00:00Z');

/** Options for the experiment `checkout` with a rate of 12%, and changes. */
export function options(changes: Partial<PlanExperimentOptions> = {}): PlanExperimentOptions {
  return {
    specification: SPECIFICATION,
    experiment: 'checkout',
    baseline: { rate: 0.12 },
    now: NOW,
    ...changes,
  };
}
