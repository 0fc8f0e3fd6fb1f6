/** The pattern of names of experiments and variants. */
export const NAME = '^[A-Za-z0-9_]+$';

/** The JSON Schema of a variant. */
export const variantSchema = {
      title: 'Variant',
      description: 'One treatment of the experiment.',
      type: 'object',
      properties: {
        name: {
          title: 'Name',
          description:
            'The name of the variant. It must be unique in the experiment and consist of letters, ' +
            'digits and underscores.',
          type: 'string',
          pattern: NAME,
          examples: ['control', 'treatment', 'on', 'off'],
        },
        value: {
          title: 'Value',
          description:
            'Any JSON value that belongs to this variant, such as a text, a number or an object. ' +
            'Code can read the value instead of comparing names.',
        },
      },
      required: ['name'],
      additionalProperties: false,
    } as const;
