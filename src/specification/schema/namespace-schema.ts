import { analysisSchema } from '../metrics/analysis-schema.ts';
import { MAX_SEGMENTS } from '../../planout/namespaces/segment-pool.ts';
import { exposureSchema } from './exposure-schema.ts';

/** The pattern of a path into the context: names with dots between them. */
export const PATH = '^[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*$';

/** The pattern of a variant's name. */
const NAME = '^[A-Za-z0-9_]+$';

/**
 * The pattern of the names of namespaces and their experiments: any text without control characters,
 * because namespaces may come from an existing PlanOut set-up.
 */
const PLANOUT_NAME = '^[^\\u0000-\\u001f\\u007f]+$';

/** The definitions of the schema (see `schema.ts`) that describe namespaces. */
export const namespaceDefs = {
  namespace: {
    title: 'Namespace',
    description:
      'A group of experiments that share units (such as users). Each unit falls into one segment, ' +
      'and each segment belongs to at most one experiment.',
    type: 'object',
    properties: {
      name: {
        title: 'Name',
        description:
          'The name used in code: req.namespace("checkout"). It must be unique. It is part of every ' +
          'salt in the namespace, so a new name reshuffles everyone.',
        type: 'string',
        pattern: PLANOUT_NAME,
        examples: ['checkout'],
      },
      unit: {
        title: 'Unit',
        description:
          'The value that is hashed, as a path into the context, such as "user.id"; or a list of ' +
          'paths. The order of the list matters.',
        type: ['string', 'array'],
        pattern: PATH,
        minItems: 1,
        items: { type: 'string', pattern: PATH },
        examples: ['user.id', ['user.id', 'page']],
      },
      segments: {
        title: 'Segments',
        description:
          'The number of segments, from 1 to 1,000,000. Default: 10,000. A new number reshuffles ' +
          'everyone.',
        type: 'integer',
        minimum: 1,
        maximum: MAX_SEGMENTS,
      },
      sampling: {
        title: 'Sampling',
        description:
          'How the segments of an added experiment are drawn. "full" hashes every free segment. ' +
          '"fast" hashes only the drawn segments and draws others, like PlanOut with the input ' +
          'use_fast_sample. Default: "full". A change moves users to other experiments.',
        enum: ['full', 'fast'],
      },
      inputs: {
        title: 'Inputs',
        description:
          'Context paths by the name that scripts use for them. Scripts read every other name ' +
          'directly from the context.',
        type: 'object',
        additionalProperties: { type: 'string', pattern: PATH },
        examples: [{ userid: 'user.id' }],
      },
      defaults: {
        title: 'Defaults',
        description:
          "Parameter values for units that are in no experiment, and for parameters that a unit's " +
          'experiment does not set.',
        type: 'object',
        examples: [{ button_text: 'OK' }],
      },
      experiments: {
        title: 'Experiments',
        description:
          'Definitions of experiments: each sets parameters by a script or by variants. Their names ' +
          'must be unique in the namespace. A definition has no effect until a line of "history" ' +
          'adds it.',
        type: 'array',
        items: { $ref: '#/$defs/namespaceExperiment' },
      },
      history: {
        title: 'History',
        description:
          'The additions and removals of experiments, in order. Only add lines at the end: ' +
          'inserting, changing or removing a line moves users to other experiments.',
        type: 'array',
        items: { $ref: '#/$defs/historyLine' },
      },
      exposure: exposureSchema(
        'When an exposure is recorded for a unit in an experiment. "auto": when the application ' +
          'reads a parameter. "manual": only when it calls `expose()`. "off": never. Default: "auto".',
      ),
      description: { type: 'string', description: 'A note for people. It has no effect.' },
      owner: {
        type: 'string',
        description: 'The person or team responsible for this namespace. It has no effect.',
      },
    },
    required: ['name', 'unit'],
    additionalProperties: false,
  },
  namespaceExperiment: {
    title: 'Experiment of a namespace',
    description: 'The definition of an experiment: a name, and either "script" or "variants".',
    type: 'object',
    properties: {
      name: {
        title: 'Name',
        description: 'The name that "history" refers to. It must be unique in the namespace.',
        type: 'string',
        pattern: PLANOUT_NAME,
      },
      script: {
        title: 'Script',
        description:
          "A script in PlanOut's language, as one string or as a list of lines; or a script in " +
          "PlanOut's JSON format, as an object.",
        type: ['string', 'array', 'object'],
        items: { type: 'string' },
        examples: ["button_text = uniformChoice(choices=['OK', 'Buy'], unit=userid);"],
      },
      variants: {
        title: 'Variants',
        description:
          'Treatments. Each unit gets one of them, in proportion to their weights. Their names must ' +
          'be unique in the experiment.',
        type: 'array',
        minItems: 1,
        items: { $ref: '#/$defs/namespaceVariant' },
      },
      description: { type: 'string', description: 'A note for people. It has no effect.' },
      analysis: analysisSchema,
    },
    required: ['name'],
    additionalProperties: false,
  },
  namespaceVariant: {
    title: 'Variant in a namespace',
    description: 'One treatment: a name and the parameter values it sets.',
    type: 'object',
    properties: {
      name: {
        title: 'Name',
        description:
          'The name of the variant, which is also the value of the parameter "variant". It must be ' +
          'unique in the experiment.',
        type: 'string',
        pattern: NAME,
      },
      weight: {
        title: 'Weight',
        description:
          "The variant's share of the units, relative to the weights of the other variants: 0 or " +
          'more. Default: 1.',
        type: 'number',
        minimum: 0,
      },
      values: {
        title: 'Values',
        description: 'The parameters this variant sets. Each value is any JSON.',
        type: 'object',
      },
    },
    required: ['name', 'values'],
    additionalProperties: false,
  },
  historyLine: {
    title: 'Line of a history',
    description:
      'Adds an experiment ({ "add", "segments", "experiment" }) or removes one ({ "remove" }).',
    type: 'object',
    properties: {
      add: {
        title: 'Add',
        description:
          'The name under which the experiment is added. No experiment with this name may be ' +
          "running. It is part of the salt of the experiment's parameters.",
        type: 'string',
        pattern: PLANOUT_NAME,
      },
      segments: {
        title: 'Segments',
        description: 'The number of free segments that the experiment takes.',
        type: 'integer',
        minimum: 0,
        maximum: MAX_SEGMENTS,
      },
      experiment: {
        title: 'Experiment',
        description: 'The name of the definition in "experiments". Default: the name in "add".',
        type: 'string',
        pattern: PLANOUT_NAME,
      },
      remove: {
        title: 'Remove',
        description: 'The name of a running experiment. Its segments become free.',
        type: 'string',
        pattern: PLANOUT_NAME,
      },
      description: { type: 'string', description: 'A note for people. It has no effect.' },
    },
    additionalProperties: false,
  },
} as const;
