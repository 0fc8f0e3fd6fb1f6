/** The JSON Schema (draft 2020-12) of a `Result` as JSON. */
export const resultSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Result of an analysis',
  type: 'object',
} as const;
