import { MAX_SEGMENTS } from '../../planout/namespaces/segment-pool.ts';
import { exposureSchema } from './exposure-schema.ts';

/** A path in the context: names with dots between them. */
export const PATH = '^[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*$';

/** A name of variants. */
const NAME = '^[A-Za-z0-9_]+$';

/** A name of PlanOut's: any text but control characters, for namespaces that come from elsewhere. */
const PLANOUT_NAME = '^[^\\u0000-\\u001f\\u007f]+$';

/** The parts of the schema that namespaces are made of; see `schema.ts`. */
export const namespaceDefs = {
  namespace: {
    title: 'Namespace',
    description: 'Units are dealt to segments, and each segment belongs to one experiment at most.',
    type: 'object',
    properties: {
      name: {
        title: 'Name',
        description: 'What the code asks for; unique. Part of all salts.',
        type: 'string',
        pattern: PLANOUT_NAME,
        examples: ['checkout'],
      },
      unit: {
        title: 'Unit',
        description:
          'Path of the context value that tells units apart, or a list of paths, whose order matters.',
        type: ['string', 'array'],
        pattern: PATH,
        minItems: 1,
        items: { type: 'string', pattern: PATH },
        examples: ['user.id', ['user.id', 'page']],
      },
      segments: {
        title: 'Segments',
        description:
          'How many segments the units are dealt to, from 1 to 1,000,000; 10,000 by default.',
        type: 'integer',
        minimum: 1,
        maximum: MAX_SEGMENTS,
      },
      inputs: {
        title: 'Inputs',
        description:
          'Names that scripts read, each with the context path it stands for. Other names are ' +
          'read from the context as they are.',
        type: 'object',
        additionalProperties: { type: 'string', pattern: PATH },
        examples: [{ userid: 'user.id' }],
      },
      defaults: {
        title: 'Defaults',
        description: 'Parameters of units whose experiment gives none, or that are in none.',
        type: 'object',
        examples: [{ button_text: 'OK' }],
      },
      experiments: {
        title: 'Experiments',
        description: 'How experiments give units their parameters; each name once.',
        type: 'array',
        items: { $ref: '#/$defs/namespaceExperiment' },
      },
      history: {
        title: 'History',
        description:
          'What was added and removed, in order. Append lines, and never insert, change or remove ' +
          'one, or users move.',
        type: 'array',
        items: { $ref: '#/$defs/historyLine' },
      },
      exposure: exposureSchema(
        '"auto", the default: units in an experiment are recorded when a parameter is asked for. ' +
          '"manual": only where the application calls `expose()`. "off": never.',
      ),
      description: { type: 'string', description: 'For human readers.' },
      owner: { type: 'string', description: 'Who answers for this namespace.' },
    },
    required: ['name', 'unit'],
    additionalProperties: false,
  },
  namespaceExperiment: {
    title: 'Experiment of a namespace',
    description: 'A name, and either "script" or "variants".',
    type: 'object',
    properties: {
      name: {
        title: 'Name',
        description: 'What the lines of the history call it; unique in the namespace.',
        type: 'string',
        pattern: PLANOUT_NAME,
      },
      script: {
        title: 'Script',
        description:
          "PlanOut's language, as one string or as a list of lines; or PlanOut's JSON, an object.",
        type: ['string', 'array', 'object'],
        items: { type: 'string' },
        examples: ["button_text = uniformChoice(choices=['OK', 'Buy'], unit=userid);"],
      },
      variants: {
        title: 'Variants',
        description: 'Treatments of which each unit gets one, by weight; each name once.',
        type: 'array',
        minItems: 1,
        items: { $ref: '#/$defs/namespaceVariant' },
      },
      description: { type: 'string', description: 'For human readers.' },
    },
    required: ['name'],
    additionalProperties: false,
  },
  namespaceVariant: {
    title: 'Variant in a namespace',
    description: 'One treatment: the values of some parameters.',
    type: 'object',
    properties: {
      name: {
        title: 'Name',
        description: 'The value of the parameter "variant"; unique in the experiment.',
        type: 'string',
        pattern: NAME,
      },
      weight: {
        title: 'Weight',
        description: 'A number from 0, 1 by default; only the proportions of the weights matter.',
        type: 'number',
        minimum: 0,
      },
      values: {
        title: 'Values',
        description: 'The parameters it sets, with any JSON.',
        type: 'object',
      },
    },
    required: ['name', 'values'],
    additionalProperties: false,
  },
  historyLine: {
    title: 'Line of a history',
    description: '{ "add", "segments", "experiment" } or { "remove" }.',
    type: 'object',
    properties: {
      add: {
        title: 'Add',
        description: 'A name that is not present: part of the salt of its parameters.',
        type: 'string',
        pattern: PLANOUT_NAME,
      },
      segments: {
        title: 'Segments',
        description: 'How many free segments the added experiment takes.',
        type: 'integer',
        minimum: 0,
        maximum: MAX_SEGMENTS,
      },
      experiment: {
        title: 'Experiment',
        description: 'The name of its definition in "experiments"; by default that in "add".',
        type: 'string',
        pattern: PLANOUT_NAME,
      },
      remove: {
        title: 'Remove',
        description: 'The name of an experiment that is present; its segments become free.',
        type: 'string',
        pattern: PLANOUT_NAME,
      },
      description: { type: 'string', description: 'For human readers.' },
    },
    additionalProperties: false,
  },
} as const;
