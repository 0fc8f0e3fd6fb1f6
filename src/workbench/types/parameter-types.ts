import type { JsonValue } from '../../json/value.ts';
import type { ValueKind } from '../../planout/script/value-kinds.ts';
import { VARIANT_PARAMETER } from '../../specification/schema/namespace-shape.ts';
import type { NamespaceSpec } from '../../specification/types.ts';
import { ANY_JSON, stringLiteral, valueType } from './value-type.ts';

/** The values and types of one parameter. */
interface Known {
  /** The values in `defaults` and of variants. */
  readonly values: JsonValue[];
  /** Types from scripts, and the names of variants. */
  readonly types: Set<string>;
}

const TYPES: Readonly<Record<ValueKind, string>> = {
  string: 'string',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
  list: `readonly ${ANY_JSON}[]`,
  map: `{ readonly [name: string]: ${ANY_JSON} }`,
};

/**
 * Returns the TypeScript type of each parameter of a namespace: of its default, and of all values that its
 * experiments set. A parameter that a script computes from other values is `unknown`.
 *
 * @param indent the indentation of all lines of a type after the first
 */
export function parameterTypes(
  { defaults, experiments }: NamespaceSpec,
  indent: string,
): ReadonlyMap<string, string> {
  const known = new Map<string, Known>();
  const of = (name: string): Known => {
    const one = known.get(name) ?? { values: [], types: new Set<string>() };
    known.set(name, one);
    return one;
  };
  for (const [name, value] of Object.entries(defaults)) of(name).values.push(value);
  for (const { script, variants = [] } of experiments) {
    for (const name of script?.parameters ?? []) {
      const kinds = script?.inspection.kinds[name];
      for (const type of kinds?.map((kind) => TYPES[kind]) ?? ['unknown']) of(name).types.add(type);
    }
    for (const variant of variants) {
      of(VARIANT_PARAMETER).types.add(stringLiteral(variant.name));
      for (const [name, value] of Object.entries(variant.values)) of(name).values.push(value);
    }
  }
  return new Map(Array.from(known, ([name, one]) => [name, typeOf(one, indent)]));
}

function typeOf({ values, types }: Known, indent: string): string {
  if (types.has('unknown')) return 'unknown';
  const all = new Set(types);
  // Scalars one by one, so that a type from a script and one from a value are not listed twice.
  for (const value of values) if (isScalar(value)) all.add(valueType([value]));
  const others = values.filter((value) => !isScalar(value));
  if (others.length > 0) all.add(valueType(others, indent));
  return [...all].join(' | ');
}

function isScalar(value: JsonValue): boolean {
  return typeof value !== 'object' || value === null;
}
