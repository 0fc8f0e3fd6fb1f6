import type { JsonValue } from '../../json/value.ts';
import { isObject } from '../../options/check-options.ts';
import type { ContextShape } from './shape.ts';

type Schema = { readonly [keyword: string]: JsonValue };

/** The flags of a user, which every declared context has. */
const FLAGS: ReadonlySet<string> = new Set(['is_authenticated', 'is_anonymous']);

/**
 * Returns the declared context that fits the contexts of a shape. Leaves out the flags of the user, which
 * Evenhand always declares; a shape has no `anonymous`.
 */
export function proposedContext(shape: ContextShape): Schema {
  const schema = shape.toSchema();
  const { properties } = schema;
  if (!isSchema(properties) || !isSchema(properties.user)) return schema;
  return { ...schema, properties: { ...properties, user: withoutFlags(properties.user) } };
}

/** Removes the flags from the schema of a user, unless they are not booleans. */
function withoutFlags(schema: Schema): Schema {
  const { properties, required } = schema;
  if (!isSchema(properties)) return schema;
  const isStandard = (name: string) => {
    const inner = properties[name];
    return FLAGS.has(name) && isSchema(inner) && inner.type === 'boolean';
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
