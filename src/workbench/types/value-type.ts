import { escapeInvisible } from '../../errors/show-value.ts';
import type { JsonValue } from '../../json/value.ts';

/** The parts of values that their type depends on. */
interface Shape {
  /** The names of the types of scalars. */
  readonly scalars: Set<string>;
  /** The items of all lists together; undefined without lists. */
  items?: Shape;
  /** The properties of all objects together; undefined without objects. */
  properties?: Map<string, { readonly shape: Shape; count: number }>;
  objects: number;
  /** True if some variant has no value. */
  isOptional: boolean;
}

/** The depth from which the type is any JSON. */
const MAX_DEPTH = 8;

/** The most properties of an object type; a larger object is data rather than a setting. */
const MAX_PROPERTIES = 200;

/** The type of deep and of large values. */
export const ANY_JSON = "import('evenhand').JsonValue";

const INDENT = '  ';

/**
 * Returns the TypeScript type of the values of an experiment's variants: `string`, or
 * `{ readonly steps: number }`. Uses `string` rather than literal types, so that a new headline needs no
 * new declarations. A property that only some variants have is optional.
 *
 * @param values one for each variant; undefined for a variant without a value
 * @param indent the indentation of all lines after the first
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

/** Returns a property's name, quoted if it is not an identifier. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : stringLiteral(name);
}

/** Returns a string as a TypeScript literal. */
export function stringLiteral(text: string): string {
  const inner = JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"');
  return `'${escapeInvisible(inner.replaceAll("'", String.raw`\'`))}'`;
}
