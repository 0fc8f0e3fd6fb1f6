import { analysisSchema } from '../metrics/analysis-schema.ts';
import { MAX_IDENTITIES } from '../identity-paths.ts';
import { PATH } from './namespace-schema.ts';

/** The definitions of holdouts in the JSON Schema. */
export const holdoutDefs = {
  holdout: {
    title: 'Holdout',
    description:
      'A share of the participants who get the control of each listed experiment: the variant ' +
      '"control", otherwise "off", otherwise the first variant. Compare them with everyone else to ' +
      'measure the effect of all these experiments together.',
    type: 'object',
    properties: {
      name: {
        title: 'Name',
        description:
          'The name in exposures. No experiment, namespace or other holdout may have it. It consists ' +
          'of letters, digits and underscores.',
        type: 'string',
        pattern: '^[A-Za-z0-9_]+$',
        examples: ['winter'],
      },
      identity: {
        title: 'Identity',
        description:
          'The value that is hashed to hold participants out, as a path into the context, such as ' +
          '"user.id". "anonymous" is the key in the tracking cookie. Of a list of paths, the first one ' +
          'that is available decides. Participants without this value are not held out.',
        type: ['string', 'array'],
        pattern: PATH,
        minItems: 1,
        maxItems: MAX_IDENTITIES,
        items: { type: 'string', pattern: PATH },
        examples: ['user.id', 'tenant.id', 'anonymous', ['user.id', 'anonymous']],
      },
      seed: {
        title: 'Seed',
        description:
          'Text that is hashed together with the identity. Default: the name of the holdout. A new ' +
          'seed holds out other participants.',
        type: ['string', 'null'],
      },
      percent: {
        title: 'Percent',
        description:
          'The percent of the participants who are held out: a whole number from 0 to 100; with ' +
          '"buckets": 10000, a number with at most two decimals. Raising it holds out more ' +
          'participants and releases none.',
        type: 'number',
        minimum: 0,
        maximum: 100,
      },
      buckets: {
        title: 'Buckets',
        description:
          'The number of buckets: 100, or 10000 for a percent with two decimals, such as 0.25. ' +
          'Default: 100. A change moves no one whose percent stays the same.',
        type: 'integer',
        enum: [100, 10_000],
        examples: [10_000],
      },
      experiments: {
        title: 'Experiments',
        description: 'The names of the experiments and switches that participants are held out of.',
        type: 'array',
        minItems: 1,
        items: { type: 'string', pattern: '^[A-Za-z0-9_]+$' },
        examples: [['new_search', 'new_checkout']],
      },
      description: { type: 'string', description: 'A note for people. It has no effect.' },
      owner: {
        type: 'string',
        description: 'The person or team responsible for this holdout. It has no effect.',
      },
      expires: {
        title: 'Expires',
        description:
          'The last day on which this holdout should run. `evenhand validate` warns from the next day ' +
          'on; the holdout itself stays.',
        type: 'string',
        pattern: '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$',
        examples: ['2027-03-31'],
      },
      analysis: analysisSchema,
    },
    required: ['name', 'identity', 'percent', 'experiments'],
    additionalProperties: false,
  },
} as const;
