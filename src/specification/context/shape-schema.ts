import type { JsonValue } from '../../json/value.ts';
import { named, type Part } from './shape-part.ts';

/** Returns the JSON Schema of the values of a part. */
function schemaOf(part: Part): { [keyword: string]: JsonValue } {
  const { types, items } = part;
  if (types.size === 0 || types.has('any')) return {};
  // A whole number may be a fraction the next time: `integer` would refuse rules for it.
  const names = [...types].map((type) => (type === 'integer' ? 'number' : type));
  const [first = 'null', ...more] = [...new Set(names)].toSorted();
  // Only null was seen: the type of its other values is unknown.
  if (first === 'null' && more.length === 0) return {};
  return {
    type: more.length === 0 ? first : [first, ...more],
    ...(types.has('object') && objectSchema(part)),
    ...(items && { items: schemaOf(items) }),
  };
}

/** Returns the JSON Schema of the objects of a part, without `type`. */
export function objectSchema(part: Part): { [keyword: string]: JsonValue } {
  const { properties, objects, others } = part;
  const required = [...properties].filter(([, { seen }]) => seen >= objects).map(([name]) => name);
  return {
    ...(properties.size > 0 && { properties: named(properties, schemaOf) }),
    ...(required.length > 0 && { required: required.toSorted() }),
    ...(others && { additionalProperties: schemaOf(others) }),
  };
}
