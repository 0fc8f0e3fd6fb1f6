import {
  ANY,
  type Alternative,
  BOOLEAN,
  type ContextType,
  type DictType,
  NONE,
  NUMBER,
  type PropertyType,
  type RuleType,
  STRING,
  typeOfScalar,
  union,
  WHOLE,
} from '../../rules/types/types.ts';
import { listNames, quote, showValue } from '../../errors/show-value.ts';
import type { Finding } from '../finding.ts';
import { member } from '../../json/own.ts';
import { pointerTo } from '../../json/pointer.ts';
import { isObject } from '../../options/check-options.ts';
import { copyJson } from '../../json/copy.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import type { JsonValue } from '../../json/value.ts';
import { fits, OPEN, typeOfValue } from './context-value.ts';
import { formatOf } from './context-format.ts';
import { withStandardNames } from './standard-context.ts';

/** The keywords of JSON Schema that a declared context may use. The last five are annotations. */
export const CONTEXT_KEYWORDS = [
  'type',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'enum',
  'const',
  'format',
  'title',
  'description',
  'examples',
  'default',
  '$comment',
] as const;

/** The keywords that make a schema without `type` the schema of an object. */
const OF_OBJECTS = ['properties', 'required', 'additionalProperties'];

/** The result of reading a declared context. */
export interface ContextSchema {
  readonly type: ContextType;
  readonly findings: readonly Finding[];
}

/**
 * Reads the declared context of a specification, a JSON Schema with the keywords in
 * {@link CONTEXT_KEYWORDS}. Unlike in JSON Schema, an object with `properties` has no other properties
 * unless `additionalProperties` allows them.
 *
 * @param schema the value of `context`
 * @param path JSON Pointer to it
 */
export function readContext(schema: unknown, path: string): ContextSchema {
  const findings: Finding[] = [];
  const copied = copyJson(schema);
  if ('problem' in copied) {
    const { problem } = copied;
    note(findings, path + problem.path, problem.message.replace(/^value/, 'context'));
    return { type: OPEN, findings };
  }
  const type = readSchema(copied.json, path, findings);
  const [dict] = type;
  if (type.length === 1 && dict?.kind === 'dict')
    return { type: withStandardNames(dict), findings };
  if (findings.length === 0) {
    note(findings, path, 'context must declare an object: { "properties": { … } }');
  }
  return { type: OPEN, findings };
}

const TYPES = new Map<string, RuleType>([
  ['null', NONE],
  ['boolean', BOOLEAN],
  ['number', NUMBER],
  ['integer', WHOLE],
  ['string', STRING],
  ['array', [{ kind: 'list', items: ANY }]],
  ['object', [OPEN]],
]);

/** Adds a finding. A message given as a function is built only when the finding is listed. */
function note(
  findings: Finding[],
  path: string,
  message: string | (() => string),
  side: Finding['side'] = 'value',
) {
  findings.push({ path, side, say: typeof message === 'string' ? () => message : message });
}

/**
 * The limit for the characters of the path to a schema. Every problem repeats the path, so thousands of
 * problems under a name of a megabyte would take minutes to report.
 */
const MAX_PATH = 2000;

function readSchema(schema: JsonValue, path: string, findings: Finding[]): RuleType {
  if (path.length > MAX_PATH) {
    note(
      findings,
      path,
      `the path to this schema is longer than ${MAX_PATH} characters; use shorter property names`,
    );
    return ANY;
  }
  // True and an empty schema allow everything.
  if (schema === true) return ANY;
  if (!isObject(schema)) {
    note(findings, path, `a schema must be an object or true, not ${showValue(schema)}`);
    return ANY;
  }
  checkKeywords(schema, path, findings);
  const declared = readTypes(schema, path, findings);
  const format = formatOf(schema, declared);
  if (format.problem !== undefined) note(findings, pointerTo(path, 'format'), format.problem);
  const shaped = declared.flatMap((one): RuleType => {
    if (one.kind === 'dict') return [readObject(schema, path, findings)];
    if (one.kind === 'list') return [readList(schema, path, findings)];
    return one.kind === 'string' ? format.type : [one];
  });
  return readValues(schema, path, shaped, findings);
}

type SchemaObject = { readonly [key: string]: JsonValue };

function checkKeywords(schema: SchemaObject, path: string, findings: Finding[]): void {
  const known: readonly string[] = CONTEXT_KEYWORDS;
  for (const keyword of Object.keys(schema)) {
    if (known.includes(keyword)) continue;
    const say = () => {
      const meant = didYouMean(keyword, known);
      const hint =
        meant === undefined ? `known here: ${known.join(', ')}` : `did you mean "${meant}"?`;
      return `unknown keyword ${quote(keyword)} in the declared context; ${hint}`;
    };
    note(findings, pointerTo(path, keyword), say, 'key');
  }
}

/** Returns the kinds of value that `type` allows; without `type`, those the other keywords imply. */
function readTypes(schema: SchemaObject, path: string, findings: Finding[]): RuleType {
  const type = member(schema, 'type');
  if (type === undefined) {
    if (OF_OBJECTS.some((keyword) => Object.hasOwn(schema, keyword))) return [OPEN];
    if (Object.hasOwn(schema, 'items')) return TYPES.get('array') ?? ANY;
    return Object.hasOwn(schema, 'format') ? STRING : ANY;
  }
  const names: readonly unknown[] = Array.isArray(type) ? type : [type];
  const known = names.map((name, i) => {
    const found = typeof name === 'string' ? TYPES.get(name) : undefined;
    if (found !== undefined) return found;
    const at = pointerTo(path, 'type');
    const meant = typeof name === 'string' ? didYouMean(name, TYPES.keys()) : undefined;
    const hint =
      meant === undefined ? `known: ${[...TYPES.keys()].join(', ')}` : `did you mean "${meant}"?`;
    note(
      findings,
      Array.isArray(type) ? pointerTo(at, i) : at,
      `unknown type ${showValue(name)}; ${hint}`,
    );
    return ANY;
  });
  if (known.length === 0) {
    note(
      findings,
      pointerTo(path, 'type'),
      'type must be the name of a type, or a list of at least one name',
    );
    return ANY;
  }
  return union(known);
}

function readObject(schema: SchemaObject, path: string, findings: Finding[]): DictType {
  const declared = member(schema, 'properties') as JsonValue | undefined;
  const at = pointerTo(path, 'properties');
  if (declared !== undefined && !isObject(declared)) {
    note(findings, at, `properties must be an object, not ${showValue(declared)}`);
    return OPEN;
  }
  const required = readRequired(schema, path, declared, findings);
  const properties = new Map<string, PropertyType>(
    Object.entries(declared ?? {}).map(([name, inner]) => [
      name,
      { type: readSchema(inner, pointerTo(at, name), findings), required: required.has(name) },
    ]),
  );
  const others = readOthers(schema, path, declared !== undefined, findings);
  const keys = others === undefined ? union([...properties.keys()].map(typeOfScalar)) : STRING;
  return { kind: 'dict', keys, properties, ...(others && { others }) };
}

function readRequired(
  schema: SchemaObject,
  path: string,
  properties: SchemaObject | undefined,
  findings: Finding[],
): ReadonlySet<string> {
  const required = member(schema, 'required');
  if (required === undefined) return new Set();
  const at = pointerTo(path, 'required');
  if (!Array.isArray(required)) {
    note(findings, at, `required must be a list of names, not ${showValue(required)}`);
    return new Set();
  }
  const known = new Set(Object.keys(properties ?? {}));
  for (const [i, name] of required.entries()) {
    if (typeof name === 'string' && known.has(name)) continue;
    note(findings, pointerTo(at, i), () => {
      const meant = typeof name === 'string' ? didYouMean(name, known) : undefined;
      const hint =
        meant === undefined ? `declared: ${listNames(known)}` : `did you mean "${meant}"?`;
      return `required lists ${showValue(name)}, which is not a declared property; ${hint}`;
    });
  }
  return new Set(required.filter((name) => typeof name === 'string'));
}

/** Returns the type of additional properties; undefined when none are allowed. */
function readOthers(
  schema: SchemaObject,
  path: string,
  hasProperties: boolean,
  findings: Finding[],
): RuleType | undefined {
  const others = member(schema, 'additionalProperties') as JsonValue | undefined;
  if (others === undefined) return hasProperties ? undefined : ANY;
  if (others === false) return undefined;
  return readSchema(others, pointerTo(path, 'additionalProperties'), findings);
}

function readList(schema: SchemaObject, path: string, findings: Finding[]): Alternative {
  const items = member(schema, 'items') as JsonValue | undefined;
  return {
    kind: 'list',
    items: items === undefined ? ANY : readSchema(items, pointerTo(path, 'items'), findings),
  };
}

/** Narrows a type to the values that `enum` or `const` lists. */
function readValues(
  schema: SchemaObject,
  path: string,
  type: RuleType,
  findings: Finding[],
): RuleType {
  const keyword = Object.hasOwn(schema, 'const') ? 'const' : 'enum';
  if (!Object.hasOwn(schema, keyword)) return type;
  const given = schema[keyword];
  const at = pointerTo(path, keyword);
  if (keyword === 'enum' && (!Array.isArray(given) || given.length === 0)) {
    note(findings, at, 'enum must be a list of at least one value');
    return type;
  }
  const values = (keyword === 'enum' ? given : [given]) as readonly JsonValue[];
  const types = values.map((value, i) => {
    const one = typeOfValue(value);
    if (!fits(one, type)) {
      const place = keyword === 'enum' ? pointerTo(at, i) : at;
      note(findings, place, `${showValue(value)} does not match the declared type`);
    }
    return one;
  });
  return union(types);
}
