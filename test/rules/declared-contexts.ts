import * as fc from 'fast-check';
import { version } from '../../src/rules/typed-text/version.ts';

/** Schemas of contexts for the names in the random rules, and contexts that conform to them. */

/** A JSON schema. */
export type Schema = { readonly [keyword: string]: unknown };

const texts = ['', 'a', 'b', 'é', 'plan', '1.10'];
const versions = ['1.9.0', '1.10', '2.0.0-a'].map(version);
const dates = ['2024-01-31', '2024-02-01'].map((day) => new Date(day));
const wholes = [-2, 0, 1, 5];

const scalars: fc.Arbitrary<Schema> = fc.oneof(
  fc.constantFrom<Schema>(
    { type: 'string' },
    { type: 'integer' },
    { type: 'number' },
    { type: 'boolean' },
    { type: 'null' },
    { type: ['string', 'null'] },
    { type: ['integer', 'null'] },
    { type: ['integer', 'string'] },
    { const: 'a' },
    { const: true },
    { type: 'string', format: 'version' },
    { type: ['string', 'null'], format: 'version' },
    { type: 'string', format: 'date-time' },
  ),
  fc
    .uniqueArray(fc.constantFrom(...texts, ...wholes, null, false), { minLength: 1, maxLength: 3 })
    .map((values) => ({ enum: values })),
);

const objectOf = (inner: fc.Arbitrary<Schema>): fc.Arbitrary<Schema> =>
  fc.record({
    type: fc.constantFrom('object', ['object', 'null']),
    properties: fc.record({ plan: inner, level: inner, tags: inner }),
    required: fc.subarray(['plan', 'level', 'tags']),
  });

const lists = scalars.map((items): Schema => ({ type: 'array', items }));

const schemas: fc.Arbitrary<Schema> = fc.oneof(
  { arbitrary: scalars, weight: 4 },
  lists,
  lists.map((items): Schema => ({ type: 'array', items })),
  objectOf(fc.oneof(scalars, lists)),
  objectOf(scalars).map((items): Schema => ({ type: 'array', items })),
  scalars.map((additionalProperties): Schema => ({ type: 'object', additionalProperties })),
);

const NAMES = ['n', 'half', 'yes', 'none', 'text', 'list', 'pairs'] as const;

/** A schema for a whole context. */
export const contextSchemas: fc.Arbitrary<Schema> = fc
  .tuple(fc.tuple(...NAMES.map(() => schemas)), objectOf(schemas), fc.subarray([...NAMES]))
  .map(([types, user, required]) => ({
    properties: {
      ...Object.fromEntries(NAMES.map((name, i) => [name, types[i]])),
      user: { ...user, type: 'object' },
    },
    required,
  }));

/** Values that conform to a schema of {@link contextSchemas}. */
function valuesOf(schema: Schema): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema.const);
  if ('enum' in schema) return fc.constantFrom(...(schema.enum as unknown[]));
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  return fc.oneof(...types.map((type: unknown) => valuesOfType(type, schema)));
}

function valuesOfType(type: unknown, schema: Schema): fc.Arbitrary<unknown> {
  switch (type) {
    case 'string':
      if (schema.format === 'version') return fc.constantFrom(...versions);
      if (schema.format === 'date-time') return fc.constantFrom(...dates);
      return fc.constantFrom(...texts);
    case 'integer':
      return fc.constantFrom(...wholes);
    case 'number':
      return fc.constantFrom(...wholes, 0.5, -1.5);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(valuesOf(schema.items as Schema), { maxLength: 3 });
    default:
      return 'properties' in schema
        ? objectsOf(schema)
        : fc.dictionary(
            fc.constantFrom('plan', 'level', 'a'),
            valuesOf(schema.additionalProperties as Schema),
            { noNullPrototype: true },
          );
  }
}

function objectsOf({ properties, required }: Schema): fc.Arbitrary<object> {
  const values = Object.entries(properties as Record<string, Schema>).map(
    ([name, schema]) => [name, valuesOf(schema)] as const,
  );
  return fc.record(Object.fromEntries(values), {
    requiredKeys: required as string[],
    noNullPrototype: true,
  });
}

const nobody = { id: null, is_authenticated: false, is_anonymous: true };

/** Contexts that conform to a schema, with the values that Evenhand adds to them. */
export function contextsOf(schema: Schema): fc.Arbitrary<object> {
  return fc
    .tuple(
      objectsOf(schema),
      objectsOf((schema.properties as Record<string, Schema>).user ?? {}),
      fc.boolean(),
    )
    .map(([context, user, loggedIn]) => ({
      anonymous: 'a1b2',
      ...context,
      user: loggedIn ? { id: 7, is_authenticated: true, is_anonymous: false, ...user } : nobody,
    }));
}
