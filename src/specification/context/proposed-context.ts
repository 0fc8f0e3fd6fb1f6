import type { JsonValue } from '../../json/value.ts';
import { isObject } from '../../options/check-options.ts';
import { ANONYMOUS_IDENTITY } from '../reserved-identities.ts';
import type { ContextShape } from './shape.ts';

type Schema = { readonly [keyword: string]: JsonValue };

/** The flags of a user, which every declared context has. */
const FLAGS = ['is_authenticated', 'is_anonymous'];

/**
 * Returns the declared context that fits the contexts of a shape. Leaves out what Evenhand always
 * declares: `anonymous`, and the flags of the user.
 */
export function proposedContext(shape: ContextShape): Schema {
  const schema = without(shape.toSchema(), [ANONYMOUS_IDENTITY]);
  const { properties } = schema;
  if (!isSchema(properties) || !isSchema(properties.user)) return schema;
  return { ...schema, properties: { ...properties, user: without(properties.user, FLAGS) } };
}

/** Removes properties from the schema of an object, unless they have another type than Evenhand's. */
function without(schema: Schema, names: readonly string[]): Schema {
  const { properties, required } = schema;
  if (!isSchema(properties)) return schema;
  const isStandard = (name: string) => {
    const inner = properties[name];
    const type = name === ANONYMOUS_IDENTITY ? 'string' : 'boolean';
    return names.includes(name) && isSchema(inner) && inner.type === type;
  };
  const left = Object.entries(properties).filter(([name]) => !isStandard(name));
  const { required: _, ...rest } = schema;
  const still = Array.isArray(required)
    ? required.filter((name) => typeof name === 'string' && !isStandard(name))
    : [];
  return {
    ...rest,
    properties: Object.fromEntries(left),
    ...(still.length > 0 && { required: still }),
  };
}

function isSchema(value: JsonValue | undefined): value is Schema {
  return isObject(value);
}
