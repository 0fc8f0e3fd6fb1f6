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

/** The definitions of the sample-ratio test. */
export const splitDefs = {
  splitTest: exactly('One chi-square test.', {
    statistic: number("Pearson's statistic."),
    degreesOfFreedom: count('The degrees of freedom.'),
    pValue: share('The p-value.'),
    lnPValue: number('The natural logarithm of the p-value.'),
  }),
  audienceSplit: exactly(
    'The split of one audience.',
    {
      audience: count("The audience's position in the experiment, from 0."),
      rule: text('The rule of the audience; absent for the fallback audience.'),
      test: refOrNull('splitTest'),
      pValueHolm: numberOrNull("The p-value after Holm's correction over the audiences."),
      variants: listOf(
        exactly('The units of one variant.', {
          variant: text('The variant.'),
          units: count('The number of units.'),
          expectedShare: share('The share that the specification gives.'),
          share: share('The share of the units.'),
          interval: {
            description: 'The 95% interval of the share.',
            type: 'array',
            prefixItems: [{ type: 'number' }, { type: 'number' }],
            minItems: 2,
            items: false,
          },
        }),
      ),
    },
    ['rule'],
  ),
  split: exactly('The sample-ratio test.', {
    status: oneOf(
      'off: p below 0.001. small: too few units to test. unknown: no shares to test against.',
      'right',
      'off',
      'small',
      'unknown',
    ),
    text: text('The result in words.'),
    pValue: numberOrNull('The smallest p-value of the audiences, corrected, and of their sum.'),
    lnPValue: numberOrNull('The natural logarithm of the p-value.'),
    audiences: listOf(ref('audienceSplit')),
    addedUp: refOrNull('splitTest'),
    overall: refOrNull('splitTest'),
    withMixed: refOrNull('splitTest'),
  }),
} as const;
