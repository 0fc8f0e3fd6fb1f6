import { analysisDefs, analysisSchema } from '../metrics/analysis-schema.ts';
import { metricDefs } from '../metrics/metric-schema.ts';
import { exposureSchema } from './exposure-schema.ts';
import { holdoutDefs } from './holdout-schema.ts';
import { identitySchema } from './identity-schema.ts';
import { namespaceDefs } from './namespace-schema.ts';
import { scheduleDefs, scheduleSchema } from './schedule-schema.ts';
import { segmentDefs } from './segment-schema.ts';
import { NAME, variantSchema } from './variant-schema.ts';

/** The pattern of a day. A pattern can't exclude 31 February; `cross-fields.ts` does. */
const DATE = '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$';

/**
 * The JSON Schema (draft 2020-12) of `experiments.config.json`.
 *
 * `schema/experiments.schema.json` and `validator.generated.ts` are generated from it; run
 * `npm run generate` after a change. The schema avoids keywords whose generated code imports ajv at
 * run time (`minLength`, `uniqueItems`, `const`). When a value may have two types, the keywords of
 * both types stand side by side, because each keyword applies to its own type only. `oneOf` would
 * report an error for every branch.
 */
export const experimentsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Experiments',
  description:
    'Experiments and switches for Evenhand: a list of experiments, or an object with "experiments".',
  type: ['array', 'object'],
  items: { $ref: '#/$defs/experiment' },
  properties: {
    $schema: {
      type: 'string',
      description: 'The address or path of this JSON Schema, for editors.',
    },
    description: { type: 'string', description: 'A note for people. It has no effect.' },
    owner: {
      type: 'string',
      description: 'The person or team responsible for these experiments. It has no effect.',
    },
    experiments: {
      title: 'Experiments',
      description: 'Experiments and switches. Their names must be unique.',
      type: 'array',
      items: { $ref: '#/$defs/experiment' },
    },
    context: {
      title: 'Context',
      description:
        'A JSON Schema of the values that rules and identities can read. Evenhand checks every rule ' +
        'and identity against it when the file is loaded. Supported keywords: type, properties, ' +
        'required, additionalProperties, items, enum, const, format ("version", "date" or "date-time"), ' +
        'title, description, examples, default and $comment. A value that is not in "required" reads ' +
        'as None in rules if it is absent. `user`, `anonymous` and `now` are always available.',
      type: 'object',
      examples: [{ properties: { country: { type: 'string' } }, required: ['country'] }],
    },
    segments: {
      title: 'Segments',
      description:
        'Named rules that the rules of audiences and of other segments use as segments.NAME. Their ' +
        'names must be unique.',
      type: 'array',
      items: { $ref: '#/$defs/segment' },
    },
    namespaces: {
      title: 'Namespaces',
      description:
        'Groups of experiments that share users: each user is in at most one experiment of a ' +
        'namespace. Their names must be unique.',
      type: 'array',
      items: { $ref: '#/$defs/namespace' },
    },
    holdouts: {
      title: 'Holdouts',
      description:
        'Shares of the participants who are held out of several experiments at once. Their names must ' +
        'be unique.',
      type: 'array',
      items: { $ref: '#/$defs/holdout' },
    },
    metrics: {
      title: 'Metrics',
      description:
        'Numbers that `evenhand analyze` computes from outcomes and compares between variants. Their ' +
        'names must be unique.',
      type: 'array',
      items: { $ref: '#/$defs/metric' },
    },
  },
  required: ['experiments'],
  additionalProperties: false,
  $defs: {
    experiment: {
      title: 'Experiment or switch',
      description:
        'A named test: its variants, and the audiences that get them. The shorthand "name:on" or ' +
        '"name:off" is a switch that is on or off for everyone.',
      type: ['object', 'string'],
      pattern: '^[A-Za-z0-9_]+:(on|off)$',
      properties: {
        name: {
          title: 'Name',
          description:
            'The name used in code: req.variant("new_search"). It must be unique and consist of ' +
            'letters, digits and underscores.',
          type: 'string',
          pattern: NAME,
          examples: ['new_search'],
        },
        identity: identitySchema,
        seed: {
          title: 'Seed',
          description:
            'Text that is hashed together with the identity. Default: the name of the experiment. A ' +
            'new seed reshuffles everyone; use it to rerun a test. Experiments with the same seed ' +
            'put each participant into the same bucket. It has no effect with the identity "random".',
          type: ['string', 'null'],
        },
        buckets: {
          title: 'Buckets',
          description:
            'The number of buckets: 100, or 10000 for percents with two decimals, such as 0.25. ' +
            'Default: 100. A change moves no one whose percents stay the same.',
          type: 'integer',
          enum: [100, 10_000],
          examples: [10_000],
        },
        variants: {
          title: 'Variants',
          description:
            'The treatments that are compared. Their names must be unique in the experiment.',
          type: 'array',
          minItems: 1,
          items: { $ref: '#/$defs/variant' },
        },
        audiences: {
          title: 'Audiences',
          description:
            'Groups of participants, tried in order. A participant belongs to the first audience ' +
            'whose rule is true. The last audience has no rule and takes everyone else.',
          type: 'array',
          minItems: 1,
          items: { $ref: '#/$defs/audience' },
        },
        schedule: scheduleSchema,
        description: { type: 'string', description: 'A note for people. It has no effect.' },
        owner: {
          type: 'string',
          description: 'The person or team responsible for this experiment. It has no effect.',
        },
        expires: {
          title: 'Expires',
          description:
            'The last day on which this experiment should run. `evenhand validate` warns from the ' +
            'next day on; the experiment itself keeps running.',
          type: 'string',
          pattern: DATE,
          examples: ['2027-03-31'],
        },
        exposure: exposureSchema(
          'When an exposure is recorded. "auto": when the application reads the variant. "manual": ' +
            'only when it calls `expose()`. "off": never. Default: "auto", and "off" for switches.',
        ),
        sticky: {
          title: 'Sticky',
          description:
            'With true, participants keep the variant that they first got, even if percents, ' +
            'audiences or the identity change later. A new seed ends that. The application needs the ' +
            'option "sticky" of `evenhand()`. Default: false.',
          type: 'boolean',
        },
        analysis: analysisSchema,
      },
      required: ['name', 'identity', 'variants', 'audiences'],
      additionalProperties: false,
    },
    variant: variantSchema,
    audience: {
      title: 'Audience',
      description: 'A group of participants: a rule, and how its members are split.',
      type: 'object',
      properties: {
        rule: {
          title: 'Rule',
          description:
            'A boolean expression over the context that selects the participants of this audience. ' +
            'Every audience except the last needs a rule; the last has none, or null.',
          type: ['string', 'null'],
          examples: ["user.is_authenticated and user.plan in ['pro', 'team']"],
        },
        allocations: {
          title: 'Allocations',
          description:
            "Splits the audience's buckets between the variants. The percents must sum to 100. " +
            'The order matters: each allocation takes the buckets after the previous one.',
          type: 'array',
          minItems: 1,
          items: { $ref: '#/$defs/allocation' },
        },
      },
      required: ['allocations'],
      additionalProperties: false,
    },
    allocation: {
      title: 'Allocation',
      description: 'A variant and the percent of the audience that gets it.',
      type: 'object',
      properties: {
        variant: {
          title: 'Variant',
          description: 'The name of a variant of this experiment.',
          type: 'string',
          pattern: NAME,
        },
        percent: {
          title: 'Percent',
          description:
            'A whole number from 0 to 100; with "buckets": 10000, a number with at most two ' +
            'decimals. With 0, the variant stays declared but is not assigned to anyone.',
          type: 'number',
          minimum: 0,
          maximum: 100,
        },
      },
      required: ['variant', 'percent'],
      additionalProperties: false,
    },
    ...segmentDefs,
    ...scheduleDefs,
    ...namespaceDefs,
    ...holdoutDefs,
    ...metricDefs,
    ...analysisDefs,
  },
} as const;
