import type { TrialDesign } from '../../src/trials/trial-design.ts';

/** The specification of the simulated experiments: one metric of each kind, with outcomes of its own. */
export const SPECIFICATION = {
  metrics: [
    { name: 'buyers', outcome: 'buy', type: 'proportion' },
    { name: 'orders', outcome: 'order', type: 'count' },
    { name: 'revenue', outcome: 'payment', type: 'sum', value: 'value' },
    { name: 'order_value', outcome: 'sale', type: 'mean', value: 'value' },
    {
      name: 'clicks_per_search',
      type: 'ratio',
      numerator: { outcome: 'click' },
      denominator: { outcome: 'search' },
    },
    { name: 'load_time', outcome: 'page', type: 'quantile', value: 'ms', quantile: 0.9 },
    // Each day brings the same amount of news, because outcomes come within an hour of the exposure.
    { name: 'buyers_1h', outcome: 'quick_buy', type: 'proportion', window: '1h' },
    { name: 'order_value_1h', outcome: 'quick_sale', type: 'mean', value: 'value', window: '1h' },
  ],
  experiments: [
    {
      name: 'two_variants',
      identity: 'user.id',
      variants: [{ name: 'control' }, { name: 'treatment' }],
      audiences: [
        {
          allocations: [
            { variant: 'control', percent: 50 },
            { variant: 'treatment', percent: 50 },
          ],
        },
      ],
    },
    {
      name: 'three_variants',
      identity: 'user.id',
      variants: [{ name: 'control' }, { name: 'blue' }, { name: 'green' }],
      audiences: [
        {
          allocations: [
            { variant: 'control', percent: 34 },
            { variant: 'blue', percent: 33 },
            { variant: 'green', percent: 33 },
          ],
        },
      ],
    },
  ],
};

/** The metrics with windows of an hour. */
const QUICK = SPECIFICATION.metrics.map(({ name }) => name).filter((name) => name.endsWith('_1h'));

/** All metrics with windows of seven days, with the same effect. */
const all = (lift: number) =>
  SPECIFICATION.metrics
    .filter(({ name }) => !QUICK.includes(name))
    .map(({ name }) => ({ metric: name, lift }));

/** A design and its name in the document. */
export interface NamedDesign {
  readonly name: string;
  readonly design: TrialDesign;
}

const BASE = {
  experiment: 'two_variants',
  rate: undefined,
  seed: 17,
  context: {},
  start: Date.UTC(2027, 0, 4),
} as const;

/** The units of an experiment of four weeks: 150 a day in each of two variants. */
const FOUR_WEEKS = 8400;

/**
 * Returns the designs that are simulated.
 *
 * @param scale multiplies the number of experiments; 1 takes about ten minutes
 */
export function designs(scale: number): readonly NamedDesign[] {
  const runs = (count: number) => Math.max(2, Math.round(count * scale));
  return [
    {
      name: 'no effect, looked at daily',
      design: { ...BASE, effects: all(0), runs: runs(200), units: FOUR_WEEKS, looks: 28 },
    },
    {
      name: 'no effect, windows of an hour, looked at daily',
      design: {
        ...BASE,
        effects: QUICK.map((metric) => ({ metric, lift: 0 })),
        runs: runs(182),
        units: FOUR_WEEKS,
        looks: 28,
      },
    },
    {
      name: 'effect of 10%, looked at daily',
      design: { ...BASE, effects: all(0.1), runs: runs(50), units: FOUR_WEEKS, looks: 28 },
    },
    {
      name: 'no effect, few units, looked at once',
      design: { ...BASE, effects: all(0), runs: runs(240), units: 400, looks: 1 },
    },
    {
      name: 'no effect, two treatments, looked at once',
      design: {
        ...BASE,
        experiment: 'three_variants',
        effects: all(0),
        runs: runs(80),
        units: 3000,
        looks: 1,
      },
    },
  ];
}
