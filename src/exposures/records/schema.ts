import { RECORD_VERSION } from './record.ts';

const text = (description: string) => ({ type: 'string', description }) as const;

/** The properties of all records. */
const shared = {
  version: {
    const: RECORD_VERSION,
    description:
      'The version of this format. A reader should refuse versions that it does not know.',
  },
  id: {
    type: 'string',
    format: 'uuid',
    pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
    description:
      'Time-ordered UUID (version 7). Records with the same id are one record that was delivered twice.',
  },
  time: {
    type: 'string',
    format: 'date-time',
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$',
    description: 'The time by the clock of the process: UTC with milliseconds.',
  },
  service: text("The application's name, if it is configured."),
  session: text('The id of the visit, if the application has one.'),
  context: {
    type: 'object',
    description: 'The context values that the application allows to be recorded, by path.',
  },
} as const;

/**
 * The JSON Schema (draft 2020-12) of a record, as sinks receive and write it.
 * `schema/exposure.schema.json` is generated from it: run `node scripts/generate-schema.mjs` after a
 * change.
 */
export const exposureRecordSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Exposure or outcome',
  description: 'A record that a participant saw a variant, or of an event of a participant.',
  type: 'object',
  oneOf: [{ $ref: '#/$defs/exposure' }, { $ref: '#/$defs/outcome' }],
  $defs: {
    exposure: {
      title: 'Exposure',
      description: 'The record that a participant saw a variant.',
      type: 'object',
      properties: {
        version: shared.version,
        id: shared.id,
        time: shared.time,
        event: { const: 'exposure', description: 'Distinguishes exposures from outcomes.' },
        experiment: text(
          "The experiment's name. In a namespace: the namespace's name, a dot and the experiment's name.",
        ),
        seed: text("The experiment's seed."),
        checksum: text(
          'Changes whenever the assignments of the experiment may have changed. Analyse each checksum separately.',
        ),
        variant: text(
          'The variant. If the experiment has parameters instead of variants: their JSON.',
        ),
        identity: text('The path of the identity in the context; `random` for a draw.'),
        unit: text(
          "The identity's value or its keyed hash, to join outcomes by. Absent for a draw.",
        ),
        unitCut: { const: true, description: 'The unit was too long and has been cut.' },
        audience: {
          type: 'integer',
          minimum: 0,
          description: "The audience's position in the experiment, from 0.",
        },
        bucket: {
          type: 'integer',
          minimum: 0,
          maximum: 9999,
          description: 'The bucket that decided: 0 to 99, or 0 to 9999 of 10,000 buckets.',
        },
        overridden: {
          type: 'boolean',
          description: 'True if the variant was forced. Analyses leave such records out.',
        },
        sticky: {
          const: true,
          description:
            'The participant kept an earlier variant. Such a record has no audience and no bucket.',
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
      description:
        'The record of an event of a participant, to be joined with its exposures by the unit.',
      type: 'object',
      properties: {
        version: shared.version,
        id: shared.id,
        time: shared.time,
        event: { const: 'outcome', description: 'Distinguishes outcomes from exposures.' },
        name: text("The event's name."),
        units: {
          type: 'object',
          additionalProperties: { type: 'string' },
          description: 'The `unit` of exposures, by their `identity`.',
        },
        properties: {
          type: 'object',
          description: 'More about the event.',
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
