/** The values of a property `exposure`. */
const MODES = ['auto', 'manual', 'off'] as const;

/** Returns the schema of a property `exposure`. */
export function exposureSchema(description: string) {
  return {
    title: 'Exposure',
    description,
    type: 'string',
    enum: MODES,
    examples: ['manual'],
  } as const;
}
