import { DURATION } from './duration.ts';

/** The pattern of the names of metrics. */
const NAME = '^[A-Za-z0-9_]+$';

/** The pattern of a path: names with dots between them. */
const PATH = '^[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*$';

/** The pattern of an outcome's name: any text without control characters. */
const OUTCOME = '^[^\\u0000-\\u001f\\u007f]+$';

/** The outcome's name, value and rule; shared by metrics and the halves of ratios. */
const outcomeProperties = {
  outcome: {
    title: 'Outcome',
    description: 'The name of the outcome, as `track()` records it; or a list of names.',
    type: ['string', 'array'],
    pattern: OUTCOME,
    minItems: 1,
    items: { type: 'string', pattern: OUTCOME },
    examples: ['purchase', ['purchase', 'renewal']],
  },
  value: {
    title: 'Value',
    description:
      'The number of an outcome: a path into its properties, such as "value" or "order.total". An outcome ' +
      'without this number counts as 0.',
    type: 'string',
    pattern: PATH,
    examples: ['value', 'order.total'],
  },
  where: {
    title: 'Where',
    description:
      "A rule over the outcome's properties: comparisons with literals, joined by and, or, not. Outcomes " +
      'for which it is false do not count.',
    type: 'string',
    examples: ['currency == "EUR" and value > 0'],
  },
} as const;

/** The definitions of metrics in the JSON Schema. */
export const metricDefs = {
  metric: {
    title: 'Metric',
    description:
      'A number that `evenhand analyze` computes for each unit from its outcomes, and compares between ' +
      'variants. It has no effect on assignments.',
    type: 'object',
    properties: {
      name: {
        title: 'Name',
        description:
          'The name that analyses refer to. It must be unique and consist of letters, digits and ' +
          'underscores.',
        type: 'string',
        pattern: NAME,
        examples: ['conversion'],
      },
      type: {
        title: 'Type',
        description:
          'The calculation. "proportion": the share of units with such an outcome. "retention": the same, ' +
          'after a delay. "count": outcomes per unit. "sum": the sum of their values per unit. "mean": the ' +
          'sum of all values divided by the number of outcomes. "ratio": the numerators of all units ' +
          'divided by their denominators. "quantile": the value that a given share of outcomes (or units) ' +
          'does not exceed.',
        enum: ['proportion', 'count', 'sum', 'mean', 'ratio', 'quantile', 'retention'],
      },
      ...outcomeProperties,
      window: {
        title: 'Window',
        description:
          'How long outcomes count after the first exposure (and the delay): minutes, hours, days or weeks, ' +
          'such as "12h" or "7d". With null, until the end of the analysis. Default: "7d".',
        type: ['string', 'null'],
        pattern: DURATION,
        examples: ['7d', '12h', null],
      },
      delay: {
        title: 'Delay',
        description:
          'The time between the first exposure and the start of the window, such as "7d". A "retention" ' +
          'needs it. Default: none.',
        type: 'string',
        pattern: DURATION,
        examples: ['7d'],
      },
      cap: {
        title: 'Cap',
        description:
          'A limit for the value of a unit, so that a few huge values do not hide an effect: a quantile of ' +
          'the values of all units, such as 0.999; an object for more options; null for none. Default: ' +
          '0.999 for "count" and "sum", otherwise none.',
        type: ['number', 'object', 'null'],
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        properties: {
          quantile: {
            title: 'Quantile',
            description: 'The quantile of the values of all units, between 0 and 1.',
            type: 'number',
            exclusiveMinimum: 0,
            exclusiveMaximum: 1,
          },
          ignoreZeros: {
            title: 'Ignore zeros',
            description:
              'With true, the quantile is that of the units with a value other than 0. Default: false.',
            type: 'boolean',
          },
          at: {
            title: 'At',
            description: 'A fixed limit, more than 0.',
            type: 'number',
            exclusiveMinimum: 0,
          },
        },
        additionalProperties: false,
        examples: [0.99, { quantile: 0.99, ignoreZeros: true }, { at: 500 }, null],
      },
      better: {
        title: 'Better',
        description: 'The direction of an improvement. Default: "up".',
        enum: ['up', 'down'],
      },
      numerator: {
        title: 'Numerator',
        description: 'The upper part of a "ratio".',
        $ref: '#/$defs/outcomePart',
      },
      denominator: {
        title: 'Denominator',
        description: 'The lower part of a "ratio".',
        $ref: '#/$defs/outcomePart',
      },
      quantile: {
        title: 'Quantile',
        description: 'The share of a "quantile", between 0 and 1: 0.5 is the median.',
        type: 'number',
        exclusiveMinimum: 0,
        exclusiveMaximum: 1,
        examples: [0.5, 0.9],
      },
      of: {
        title: 'Of',
        description:
          'The values of a "quantile": those of the outcomes, or the sums of the units. Default: "outcomes".',
        enum: ['outcomes', 'units'],
      },
      ignoreZeros: {
        title: 'Ignore zeros',
        description:
          'With true, a "quantile" of units leaves out units without a value. Default: false.',
        type: 'boolean',
      },
      description: { type: 'string', description: 'A note for people. It has no effect.' },
      owner: {
        type: 'string',
        description: 'The person or team responsible for this metric. It has no effect.',
      },
    },
    required: ['name', 'type'],
    additionalProperties: false,
  },
  outcomePart: {
    title: 'Part of a ratio',
    description: 'The number of outcomes, or with "value" the sum of their values.',
    type: 'object',
    properties: outcomeProperties,
    required: ['outcome'],
    additionalProperties: false,
  },
} as const;
