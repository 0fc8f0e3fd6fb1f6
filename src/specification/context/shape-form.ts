import type { JsonValue } from '../../json/value.ts';
import { isObject } from '../../options/check-options.ts';
import { MAX_DEPTH, named, Part, PRIVATE } from './shape-part.ts';
import type { ShapeType } from './shape-types.ts';

const SHAPE_TYPES: ReadonlySet<string> = new Set<ShapeType>([
  'null',
  'boolean',
  'integer',
  'number',
  'string',
  'version',
  'date',
  'array',
  'object',
  'any',
]);

/** Returns the JSON form of a part, which {@link parsePart} reads. */
export function partJson(part: Part): { [key: string]: JsonValue } {
  const { types, seen, objects, properties, isMap, others, items } = part;
  return {
    seen,
    ...(types.size > 0 && { types: [...types].toSorted() }),
    ...(objects > 0 && { objects }),
    ...(properties.size > 0 && { properties: named(properties, partJson) }),
    ...(isMap && { isMap }),
    ...(others && { others: partJson(others) }),
    ...(items && { items: partJson(items) }),
  };
}

/** Reads the JSON form of a part at a depth; returns undefined for anything else. */
export function parsePart(json: unknown, depth: number): Part | undefined {
  if (!isObject(json) || depth > MAX_DEPTH + 1) return undefined;
  const part = new Part();
  const { types = [], properties = {}, others, items } = json;
  if (!Array.isArray(types) || !isObject(properties)) return undefined;
  for (const type of types) if (SHAPE_TYPES.has(type)) part.types.add(type);
  part.seen = countIn(json.seen);
  part.objects = countIn(json.objects);
  part.isMap = json.isMap === true;
  for (const [name, inner] of Object.entries(properties)) {
    const property = parsePart(inner, depth + 1);
    if (property === undefined || PRIVATE.test(name)) return undefined;
    part.properties.set(name, property);
  }
  part.others = parsePart(others, depth + 1);
  part.items = parsePart(items, depth + 1);
  return part;
}

function countIn(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}
