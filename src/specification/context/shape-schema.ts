import type { JsonValue } from '../../json/value.ts';
import { named, type Part } from './shape-part.ts';
import type { ShapeType } from './shape-types.ts';

/** The types that JSON Schema writes as a string with a format. */
const FORMATTED = ['version', 'date'] as const;

/** Returns the name of a type in JSON Schema. */
function schemaType(type: ShapeType): string {
  if (type === 'version' || type === 'date') return 'string';
  // A whole number may be a fraction the next time: `integer` would refuse rules for it.
  return type === 'integer' ? 'number' : type;
}

/** Returns the JSON Schema of the values of a part. */
function schemaOf(part: Part): { [keyword: string]: JsonValue } {
  const { types, items } = part;
  if (types.size === 0 || types.has('any')) return {};
  const [format, ...others] = FORMATTED.filter((type) => types.has(type));
  // A string has one format or none.
  if (format !== undefined && (others.length > 0 || types.has('string'))) return {};
  const names = [...types].map(schemaType);
  const [first = 'null', ...more] = [...new Set(names)].toSorted();
  // Only null was seen: the type of its other values is unknown.
  if (first === 'null' && more.length === 0) return {};
  return {
    type: more.length === 0 ? first : [first, ...more],
    ...(format && { format: format === 'date' ? 'date-time' : format }),
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
