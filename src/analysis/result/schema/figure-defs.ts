import { DIRECTIONS, METRIC_TYPES, ROLES, STATUSES } from './words.ts';
import {
  count,
  exactly,
  listOf,
  number,
  numberOrNull,
  oneOf,
  ref,
  refOrNull,
  share,
  text,
} from './parts.ts';

/** The definitions of metrics and their figures. */
export const figureDefs = {
  interval: {
    description: 'A lower and an upper limit; null stands for an open end.',
    type: 'array',
    prefixItems: [{ type: ['number', 'null'] }, { type: ['number', 'null'] }],
    minItems: 2,
    items: false,
  },
  effect: exactly('An estimate with its interval.', {
    status: ref('figureStatus'),
    estimate: numberOrNull('The estimate; null if it is not defined.'),
    standardError: numberOrNull('The standard error of the estimate.'),
    interval: refOrNull('interval'),
    method: text('The computation of the interval: delta, fieller, newcombe, welch or quantile.'),
  }),
  figureStatus: oneOf('The status of a figure, as in docs/analysis.md.', ...STATUSES),
  arm: exactly('The value of a metric in one variant.', {
    variant: text('The variant.'),
    n: count('The number of units.'),
    value: numberOrNull('The mean, rate, ratio or quantile; null if it is not defined.'),
    standardError: numberOrNull('The standard error of the value.'),
    numerator: numberOrNull('The sum of the values; of a proportion, the number of units.'),
    denominator: numberOrNull('What the numerator is divided by.'),
  }),
  opinion: exactly('A second opinion under a prior. It never decides.', {
    chanceToBeBetter: share('The chance that the treatment is better.'),
    expectedLossOfTreatment: number(
      "The expected loss by choosing the treatment, as a share of the control's value.",
    ),
    expectedLossOfControl: number(
      "The expected loss by choosing the control, as a share of the control's value.",
    ),
    text: text('The same in words.'),
  }),
  comparison: exactly('A treatment compared with the control.', {
    variant: text('The treatment.'),
    status: ref('figureStatus'),
    absolute: ref('effect'),
    relative: ref('effect'),
    unadjusted: {
      anyOf: [
        exactly('The same without CUPED.', { absolute: ref('effect'), relative: ref('effect') }),
        { type: 'null' },
      ],
    },
    pValue: numberOrNull('By the method of the look. Two-sided; of a guardrail, one-sided and against the margin.'),
    lnPValue: numberOrNull('The natural logarithm of the p-value.'),
    pValueAdjusted: numberOrNull('The p-value after the correction for several tests.'),
    correction: oneOf('The correction for several tests.', 'holm', 'benjamini-hochberg', 'none'),
    verdict: oneOf('The verdict.', 'better', 'worse', 'no-harm', 'not-decided', 'withheld'),
    verdictText: text('The verdict in words.'),
    unitsNeeded: numberOrNull(
      'The further units of all variants after which a difference as large as this would be decided.',
    ),
    bayesian: refOrNull('opinion'),
    varianceReduction: numberOrNull('The share of the variance that CUPED removes.'),
  }),
  metric: exactly(
    'The result of one metric.',
    {
      name: text('The name of the metric.'),
      description: text('The description from the specification.'),
      type: oneOf('The calculation.', ...METRIC_TYPES),
      role: oneOf('The part of the metric in the decision.', ...ROLES),
      margin: numberOrNull(
        "Of a guardrail: the largest accepted harm, as a share of the control's value.",
      ),
      better: oneOf('The direction of an improvement.', ...DIRECTIONS),
      definition: text('The calculation in words.'),
      arms: listOf(ref('arm'), 'The variants, in the order of the specification.'),
      openUnits: count('Units whose window has not ended.'),
      earlyOutcomes: count('Outcomes before the first exposure, which do not count.'),
      lateOutcomes: count('Outcomes after the window, which do not count.'),
      cap: {
        anyOf: [
          exactly('The limit of the values of units.', {
            at: number('The limit.'),
            quantile: numberOrNull('The quantile that the limit is; null for a fixed limit.'),
            units: count('The units above the limit.'),
          }),
          { type: 'null' },
        ],
      },
      cuped: exactly('The use of the values before the exposure (CUPED).', {
        used: { type: 'boolean', description: 'True if they are used.' },
        text: text('The reason.'),
        theta: numberOrNull('The factor of the values before the exposure.'),
      }),
      comparisons: listOf(ref('comparison'), 'One for each variant but the control.'),
    },
    ['description'],
  ),
} as const;
