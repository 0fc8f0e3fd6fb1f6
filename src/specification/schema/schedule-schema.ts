import { INSTANT, INSTANT_MUST_BE } from '../instant.ts';

/** The JSON Schema of an experiment's schedule. */
export const scheduleSchema = {
  title: 'Schedule',
  description:
    'Later audiences, each with the instant from which they replace the previous ones. The instants ' +
    'must be in order.',
  type: 'array',
  items: { $ref: '#/$defs/step' },
} as const;

/** The definition of a step, for the `$defs` of the whole schema. */
export const scheduleDefs = {
  step: {
    title: 'Step',
    description: 'Audiences that come into force at an instant.',
    type: 'object',
    properties: {
      at: {
        title: 'At',
        description:
          'The instant from which these audiences are in force, until the next step: a date and time ' +
          'with a time zone (ISO 8601).',
        type: 'string',
        pattern: INSTANT,
        examples: ['2026-12-01T09:00:00Z', '2026-12-01T10:00:00+01:00'],
      },
      audiences: {
        title: 'Audiences',
        description:
          'The groups of participants from this instant on, tried in order. The last audience has no ' +
          'rule and takes everyone else.',
        type: 'array',
        minItems: 1,
        items: { $ref: '#/$defs/audience' },
      },
    },
    required: ['at', 'audiences'],
    additionalProperties: false,
  },
} as const;

/** The subjects and requirements of messages, by kind of place. */
export const SCHEDULE_MUST_BE = [
  ['schedule', ['schedule', 'a list of steps']],
  ['schedule/*', ['a step', 'an object with "at" and "audiences"']],
  ['at', ['at', INSTANT_MUST_BE]],
] as const;
