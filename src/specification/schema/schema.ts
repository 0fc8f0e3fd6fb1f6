import { exposureSchema } from './exposure-schema.ts';
import { namespaceDefs, PATH } from './namespace-schema.ts';

/** What a name consists of: experiments, variants, and each segment of an identity's path. */
const NAME = '^[A-Za-z0-9_]+$';

/** A day. Whether the month has it, a pattern can't say. */
const DATE = '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$';

/**
 * The JSON Schema (draft 2020-12) of `experiments.config.json`.
 *
 * `schema/experiments.schema.json` and `validator.generated.ts` are made from it; run
 * `node scripts/generate-schema.mjs` and `node scripts/generate-validator.mjs` after a change.
 * Keywords are kept to those whose generated code needs nothing of ajv at run time (no `minLength`,
 * `uniqueItems`, `const`). Where a value may be of two types, the keywords of both stand side by
 * side, as each applies to its own type only; `oneOf` would blame every branch at once.
 */
export const experimentsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Experiments',
  description:
    'Experiments and switches for Evenhand: a list of them, or an object with "experiments".',
  type: ['array', 'object'],
  items: { $ref: '#/$defs/experiment' },
  properties: {
    $schema: { type: 'string', description: 'Where editors find this schema.' },
    description: { type: 'string', description: 'For human readers.' },
    owner: { type: 'string', description: 'Who answers for these experiments.' },
    experiments: {
      title: 'Experiments',
      description: 'Experiments and switches; each name once.',
      type: 'array',
      items: { $ref: '#/$defs/experiment' },
    },
    context: {
      title: 'Context',
      description:
        'What rules can ask: a JSON Schema of the context values, with the keywords type, ' +
        'properties, required, additionalProperties, items, enum, const and description. Rules are ' +
        'checked against it. `user` and `anonymous` are always known.',
      type: 'object',
      examples: [{ properties: { country: { type: 'string' } }, required: ['country'] }],
    },
    namespaces: {
      title: 'Namespaces',
      description: 'Experiments on parameters that share users, by segments; each name once.',
      type: 'array',
      items: { $ref: '#/$defs/namespace' },
    },
  },
  required: ['experiments'],
  additionalProperties: false,
  $defs: {
    experiment: {
      title: 'Experiment or switch',
      description:
        'A named test: who takes part, and who gets which variant. Or the shorthand of a switch: ' +
        '"name:on" or "name:off".',
      type: ['object', 'string'],
      pattern: '^[A-Za-z0-9_]+:(on|off)$',
      properties: {
        name: {
          title: 'Name',
          description: 'What the code asks for; unique. Letters, digits and underscores.',
          type: 'string',
          pattern: NAME,
          examples: ['new_search'],
        },
        identity: {
          title: 'Identity',
          description:
            'Path of the context value that tells participants apart. "anonymous" is the tracking ' +
            `cookie's key; "random" draws anew for each participant.`,
          type: 'string',
          pattern: PATH,
          examples: ['user.id', 'tenant.id', 'anonymous', 'random'],
        },
        seed: {
          title: 'Seed',
          description:
            "Hashed together with the identity; by default the experiment's name. Experiments with " +
            'the same seed put a participant into the same bucket; a new seed deals anew.',
          type: 'string',
        },
        variants: {
          title: 'Variants',
          description: 'The treatments; each name once.',
          type: 'array',
          minItems: 1,
          items: { $ref: '#/$defs/variant' },
        },
        audiences: {
          title: 'Audiences',
          description:
            'Tried in order: the first whose rule is true takes the participant. The last one has ' +
            'no rule and takes everyone left.',
          type: 'array',
          minItems: 1,
          items: { $ref: '#/$defs/audience' },
        },
        description: { type: 'string', description: 'For human readers.' },
        owner: { type: 'string', description: 'Who answers for this experiment.' },
        expires: {
          title: 'Expires',
          description:
            'The last day this experiment is meant to run. `evenhand validate` warns from the next ' +
            'day on; nothing else happens.',
          type: 'string',
          pattern: DATE,
          examples: ['2027-03-31'],
        },
        exposure: exposureSchema(
          '"auto": whoever the application asks about is recorded as having met their variant. ' +
            '"manual": only where it calls `expose()`. "off": never. "auto" by default, and "off" ' +
            'for switches.',
        ),
      },
      required: ['name', 'identity', 'variants', 'audiences'],
      additionalProperties: false,
    },
    variant: {
      title: 'Variant',
      description: 'One treatment of the experiment.',
      type: 'object',
      properties: {
        name: {
          title: 'Name',
          description: 'Unique in the experiment. Letters, digits and underscores.',
          type: 'string',
          pattern: NAME,
          examples: ['control', 'treatment', 'on', 'off'],
        },
        value: {
          title: 'Value',
          description: 'Any JSON: what the code reads instead of asking for the name.',
        },
      },
      required: ['name'],
      additionalProperties: false,
    },
    audience: {
      title: 'Audience',
      description: 'Participants treated alike.',
      type: 'object',
      properties: {
        rule: {
          title: 'Rule',
          description:
            'Boolean expression over the context. Left out (or null) in the last audience only.',
          type: ['string', 'null'],
          examples: ['user.is_authenticated and user.plan in ["pro", "team"]'],
        },
        allocations: {
          title: 'Allocations',
          description: 'How the audience is dealt to variants; the percents sum to 100.',
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
      description: 'A variant and its share of the audience.',
      type: 'object',
      properties: {
        variant: {
          title: 'Variant',
          description: "The name of one of the experiment's variants.",
          type: 'string',
          pattern: NAME,
        },
        percent: {
          title: 'Percent',
          description: 'Whole number from 0 to 100; 0 keeps the variant parked.',
          type: 'integer',
          minimum: 0,
          maximum: 100,
        },
      },
      required: ['variant', 'percent'],
      additionalProperties: false,
    },
    ...namespaceDefs,
  },
} as const;
