/** The words for when exposures are recorded. */
const MODES = ['auto', 'manual', 'off'] as const;

/** The schema of a property `exposure`. */
export function exposureSchema(description: string) {
  return {
    title: 'Exposure',
    description,
    type: 'string',
    enum: MODES,
    examples: ['manual'],
  } as const;
}
