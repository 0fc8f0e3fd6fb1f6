import type { JsonValue } from '../../json/value.ts';

/** What values look like, as far as a type tells it. */
interface Shape {
  /** The names of the types of scalars. */
  readonly scalars: Set<string>;
  /** The items of all lists together; undefined where there is no list. */
  items?: Shape;
  /** The properties of all objects together; undefined where there is no object. */
  properties?: Map<string, { readonly shape: Shape; count: number }>;
  objects: number;
  /** Whether a variant has no value. */
  isOptional: boolean;
}

/** Deeper values are any JSON. */
const MAX_DEPTH = 8;

/** More properties than these are any JSON: such an object is data, not a setting. */
const MAX_PROPERTIES = 200;

/** The type of whatever a deep or large value holds. */
const ANY_JSON = "import('evenhand').JsonValue";

const INDENT = '  ';

/**
 * The type of the values of an experiment's variants, in TypeScript: `string`, or
 * `{ readonly steps: number }`. A text or number is no literal type, so that a new headline needs no
 * new declarations; a property that not all have is optional.
 *
 * @param values one for each variant; undefined where it has none
 * @param indent what the lines after the first begin with
 */
export function valueType(values: readonly (JsonValue | undefined)[], indent = ''): string {
  const shape = emptyShape();
  for (const value of values) {
    if (value === undefined) shape.isOptional = true;
    else add(shape, value, 0);
  }
  return write(shape, indent);
}

function emptyShape(): Shape {
  return { scalars: new Set(), objects: 0, isOptional: false };
}

function add(shape: Shape, value: JsonValue, depth: number): void {
  if (value === null) shape.scalars.add('null');
  else if (typeof value !== 'object') shape.scalars.add(typeof value);
  else if (depth === MAX_DEPTH) shape.scalars.add(ANY_JSON);
  else if (isList(value)) {
    shape.items ??= emptyShape();
    for (const item of value) add(shape.items, item, depth + 1);
  } else {
    shape.objects++;
    shape.properties ??= new Map();
    for (const [name, inner] of Object.entries(value)) {
      const property = shape.properties.get(name) ?? { shape: emptyShape(), count: 0 };
      property.count++;
      shape.properties.set(name, property);
      add(property.shape, inner, depth + 1);
    }
  }
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function write(shape: Shape, indent: string): string {
  const { scalars, items, properties, objects, isOptional } = shape;
  if (scalars.has(ANY_JSON)) return isOptional ? `${ANY_JSON} | undefined` : ANY_JSON;
  const types = [...scalars];
  if (items !== undefined) types.push(writeList(items, indent));
  if (properties !== undefined) types.push(writeObject(properties, objects, indent));
  if (isOptional) types.push('undefined');
  return types.length === 0 ? 'never' : types.join(' | ');
}

function writeList(items: Shape, indent: string): string {
  const type = write(items, indent);
  const kinds = [...items.scalars, items.items, items.properties].filter(
    (one) => one !== undefined,
  );
  const isOne = (kinds.length <= 1 && items.items === undefined) || type === ANY_JSON;
  return `readonly ${isOne ? type : `(${type})`}[]`;
}

function writeObject(
  properties: NonNullable<Shape['properties']>,
  objects: number,
  indent: string,
): string {
  if (properties.size > MAX_PROPERTIES) return ANY_JSON;
  if (properties.size === 0) return '{}';
  const inner = indent + INDENT;
  const lines = Array.from(properties, ([name, { shape, count }]) => {
    const optional = count < objects ? '?' : '';
    return `${inner}readonly ${propertyName(name)}${optional}: ${write(shape, inner)};\n`;
  });
  return `{\n${lines.join('')}${indent}}`;
}

/** A property's name, quoted where it is no identifier. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : stringLiteral(name);
}

/** A string as TypeScript writes it. */
export function stringLiteral(text: string): string {
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"');
  // Line separators end a line in older compilers.
  return `'${inner
    .replaceAll("'", String.raw`\'`)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`)}'`;
}
