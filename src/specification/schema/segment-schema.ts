import { NAME } from './variant-schema.ts';

/** The definition of a segment, for the `$defs` of the whole schema. */
export const segmentDefs = {
  segment: {
    title: 'Segment',
    description: 'A named rule.',
    type: 'object',
    properties: {
      name: {
        title: 'Name',
        description:
          'The name used in rules: segments.paying. It must be unique and consist of letters, ' +
          'digits and underscores.',
        type: 'string',
        pattern: NAME,
        examples: ['paying'],
      },
      rule: {
        title: 'Rule',
        description:
          'A boolean expression over the context. It can use other segments, and ask for the ' +
          "participant's variant of an experiment.",
        type: 'string',
        examples: ["user.is_authenticated and user.plan in ['pro', 'team']"],
      },
      description: { type: 'string', description: 'A note for people. It has no effect.' },
      owner: {
        type: 'string',
        description: 'The person or team responsible for this segment. It has no effect.',
      },
    },
    required: ['name', 'rule'],
    additionalProperties: false,
  },
} as const;
