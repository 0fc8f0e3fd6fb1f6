/** Returns the schema of an object that has all its properties, except the optional ones, and no others. */
export function exactly<P extends Readonly<Record<string, object>>>(
  description: string,
  properties: P,
  optional: readonly (keyof P)[] = [],
) {
  return {
    description,
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  } as const;
}

/** Returns a reference to a definition. */
export function ref(name: string) {
  return { $ref: `#/$defs/${name}` } as const;
}

/** Returns a reference to a definition that may be null. */
export function refOrNull(name: string) {
  return { anyOf: [ref(name), { type: 'null' }] } as const;
}

/** Returns the schema of a list. */
export function listOf(items: object, description?: string) {
  return { type: 'array', items, ...(description !== undefined && { description }) } as const;
}

/** Returns the schema of a text. */
export function text(description: string) {
  return { type: 'string', description } as const;
}

/** Returns the schema of a number. */
export function number(description: string) {
  return { type: 'number', description } as const;
}

/** Returns the schema of a number that may be null. */
export function numberOrNull(description: string) {
  return { type: ['number', 'null'], description } as const;
}

/** Returns the schema of a count. */
export function count(description: string) {
  return { type: 'integer', minimum: 0, description } as const;
}

/** Returns the schema of a share. */
export function share(description: string) {
  return { type: 'number', minimum: 0, maximum: 1, description } as const;
}

/** Returns the schema of one of some words. */
export function oneOf(description: string, ...words: readonly string[]) {
  return { enum: words, description } as const;
}

/** Returns the schema of counts by variant. */
export function countsByVariant(description: string) {
  return {
    type: 'object',
    additionalProperties: { type: 'integer', minimum: 0 },
    description,
  } as const;
}
