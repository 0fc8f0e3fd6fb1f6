import { SpecError } from '../../../src/errors/spec-error.ts';
import { atOnce } from '../../../src/runtime/steps.ts';
import { specificationSteps } from '../../../src/specification/specification.ts';
import type { Specification } from '../../../src/specification/types.ts';

export const MS_PER_DAY = 86_400_000;

/** Returns a specification of valid data. */
export function specificationOf(data: object): Specification {
  return atOnce(specificationSteps(data, { origin: 'test' }));
}

/** Returns the problems of data, each as its path and message. */
export function problemsOf(data: object): string[] {
  try {
    specificationOf(data);
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map(({ path, message }) => `${path}: ${message}`);
  }
}

/** An experiment with the variants `control` and `treatment`. */
export const experiment = (parts: object = {}) => ({
  name: 'checkout',
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
  ...parts,
});

/** A valid metric of each type. */
export const METRICS = {
  proportion: { name: 'conversion', type: 'proportion', outcome: 'purchase' },
  retention: { name: 'return', type: 'retention', outcome: 'visit', delay: '7d' },
  count: { name: 'orders', type: 'count', outcome: 'purchase' },
  sum: { name: 'revenue', type: 'sum', outcome: ['purchase', 'renewal'], value: 'value' },
  mean: { name: 'order_value', type: 'mean', outcome: 'purchase', value: 'order.total' },
  ratio: {
    name: 'ratio',
    type: 'ratio',
    numerator: { outcome: 'purchase', value: 'value' },
    denominator: { outcome: ['visit', 'purchase'], where: 'page != "home"' },
  },
  quantile: { name: 'slow', type: 'quantile', outcome: 'load', value: 'ms', quantile: 0.9 },
} as const;
