import { RECORD_VERSION } from './record.ts';

const text = (description: string) => ({ type: 'string', description }) as const;

/** What the records of all events have. */
const shared = {
  version: {
    const: RECORD_VERSION,
    description: 'The version of this form. A reader that knows another one should refuse it.',
  },
  id: {
    type: 'string',
    format: 'uuid',
    pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
    description:
      'Time-ordered UUID (version 7): the key by which records that were delivered twice are one.',
  },
  time: {
    type: 'string',
    format: 'date-time',
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$',
    description: 'When it happened, by the clock of the process: UTC with milliseconds.',
  },
  service: text('What the application calls itself, where it does.'),
  session: text('What the application calls the visit, where it does.'),
  context: {
    type: 'object',
    description: 'Attributes of the context that the application allows to be recorded, by path.',
  },
} as const;

/**
 * The JSON Schema (draft 2020-12) of a record, as sinks are given it and write it.
 * `schema/exposure.schema.json` is made from it; run `node scripts/generate-schema.mjs` after a change.
 */
export const exposureRecordSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Exposure or outcome',
  description: 'What Evenhand records: that somebody met a variant, or did something.',
  type: 'object',
  oneOf: [{ $ref: '#/$defs/exposure' }, { $ref: '#/$defs/outcome' }],
  $defs: {
    exposure: {
      title: 'Exposure',
      description: 'That a participant met a variant.',
      type: 'object',
      properties: {
        version: shared.version,
        id: shared.id,
        time: shared.time,
        event: { const: 'exposure', description: 'Tells exposures from outcomes.' },
        experiment: text(
          "The experiment's name; of one in a namespace, the namespace's and its own with a dot.",
        ),
        seed: text("The experiment's seed."),
        checksum: text(
          'Changes whenever the assignments of the experiment may have: analyse what has one checksum.',
        ),
        variant: text(
          'The variant; of an experiment that has parameters and no variants, their JSON.',
        ),
        identity: text('Path of the identity in the context; `random` for a draw.'),
        unit: text(
          "The identity's value, or its keyed hash: what outcomes are joined by. Absent for a draw.",
        ),
        unitCut: { const: true, description: 'The unit was too long and has been cut.' },
        audience: {
          type: 'integer',
          minimum: 0,
          description: "The audience's place among the experiment's, from 0 on.",
        },
        bucket: {
          type: 'integer',
          minimum: 0,
          maximum: 99,
          description: 'The bucket that decided.',
        },
        overridden: {
          type: 'boolean',
          description: 'Whether the variant was forced: to be left out of analysis.',
        },
        service: shared.service,
        session: shared.session,
        context: shared.context,
      },
      required: [
        'version',
        'id',
        'time',
        'event',
        'experiment',
        'seed',
        'checksum',
        'variant',
        'identity',
        'overridden',
      ],
      additionalProperties: false,
    },
    outcome: {
      title: 'Outcome',
      description: 'What a participant did, to be joined with its exposures by the unit.',
      type: 'object',
      properties: {
        version: shared.version,
        id: shared.id,
        time: shared.time,
        event: { const: 'outcome', description: 'Tells outcomes from exposures.' },
        name: text('What happened.'),
        units: {
          type: 'object',
          additionalProperties: { type: 'string' },
          description: 'What exposures have as `unit`, by what they have as `identity`.',
        },
        properties: {
          type: 'object',
          description: 'What the application says about it.',
        },
        service: shared.service,
        session: shared.session,
        context: shared.context,
      },
      required: ['version', 'id', 'time', 'event', 'name', 'units'],
      additionalProperties: false,
    },
  },
} as const;
