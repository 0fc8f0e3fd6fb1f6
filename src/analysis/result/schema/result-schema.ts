import { RESULT_VERSION } from '../result.ts';
import { figureDefs } from './figure-defs.ts';
import {
  count,
  countsByVariant,
  exactly,
  listOf,
  number,
  numberOrNull,
  oneOf,
  ref,
  refOrNull,
  text,
} from './parts.ts';
import { splitDefs } from './split-defs.ts';

const textOrNull = (description: string) =>
  ({ type: ['string', 'null'], description }) as const;

const resultObject = exactly(
  'The result of an analysis, as `resultJson()` and `npx evenhand analyze --json` write it.',
  {
    version: {
      const: RESULT_VERSION,
      description:
        'The version of this format. A reader should refuse versions that it does not know.',
    },
    experiment: text('The name of the experiment; of one in a namespace, namespace.experiment.'),
    description: text('The description from the specification.'),
    checksum: text('The checksum of the exposures that are analysed.'),
    identity: text('The path of the identity that is analysed.'),
    variants: listOf({ type: 'string' }, 'The variants that are compared, in the order of the specification.'),
    control: text('The variant that the others are compared with.'),
    period: exactly('The time that the analysis covers. All times are ISO 8601 in UTC.', {
      from: textOrNull('The first day with an exposure; null if it is not known.'),
      until: text('Only records before this moment count.'),
      plannedEnd: textOrNull('The planned end.'),
    }),
    status: oneOf(
      'Only ok has verdicts.',
      'ok',
      'split-off',
      'too-mixed',
      'too-few',
      'no-data',
    ),
    partial: {
      type: 'boolean',
      description: 'True if something is missing; the warnings tell what.',
    },
    summary: text('One sentence: what was learned, or why nothing was.'),
    look: exactly('The kind of interval at this look.', {
      method: oneOf(
        'sequential: valid however often people look. fixed: valid once, at the planned end.',
        'sequential',
        'fixed',
      ),
      confidence: number('The intervals cover the true value with this probability.'),
      alpha: number('The error rate of this look.'),
      plannedUnits: numberOrNull('The planned number of units.'),
      tuning: number('The number of units for which the sequential interval is tightest.'),
      text: text('The method in words.'),
    }),
    units: exactly('The number of units.', {
      total: count('The units that are analysed.'),
      byVariant: countsByVariant('The analysed units of each variant.'),
      mixed: count('The units that saw several variants.'),
      mixedTreatment: oneOf('What happened to them.', 'drop', 'first'),
      notCompared: countsByVariant(
        'The units of variants that are not compared. They count in the test of the split only.',
      ),
    }),
    split: ref('split'),
    metrics: listOf(ref('metric'), 'Primary metrics first, then secondary ones, then guardrails.'),
    segments: listOf(
      exactly('Results for the units with one value of a context path.', {
        path: text('The context path.'),
        value: text('The value.'),
        units: countsByVariant('The analysed units of each variant.'),
        metrics: listOf(ref('metric')),
      }),
    ),
    timeLine: listOf(
      exactly('The cumulative result of one metric, day by day.', {
        metric: text('The name of the metric.'),
        variant: text('The treatment.'),
        points: listOf(
          exactly('The result with the records before one moment.', {
            before: text('The moment.'),
            units: countsByVariant('The units so far.'),
            control: numberOrNull("The control's value."),
            treatment: numberOrNull("The treatment's value."),
            relative: numberOrNull('The relative difference.'),
            interval: refOrNull('interval'),
          }),
        ),
      }),
    ),
    data: listOf(
      exactly('A count from the handling of the records.', {
        code: text('A stable code.'),
        count: count('The count.'),
        text: text('The count in words.'),
      }),
    ),
    warnings: listOf(
      exactly('A warning in plain words.', {
        code: text('A stable code.'),
        text: text('The warning.'),
      }),
      'The most important first.',
    ),
  },
  ['description'],
);

/**
 * The JSON Schema (draft 2020-12) of a `Result`. `schema/analysis-result.schema.json` is generated from it:
 * run `npm run generate` after a change.
 */
export const resultSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Result of an analysis',
  ...resultObject,
  $defs: { ...splitDefs, ...figureDefs },
} as const;
