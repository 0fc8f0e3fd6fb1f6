import { listNames, quote, showValue } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { copyJson } from '../../json/copy.ts';
import type { JsonValue } from '../../json/value.ts';
import { isObject } from '../../options/check-options.ts';
import type { Assignment } from '../../planout/assignment.ts';
import { kindOf, type ValueKind } from '../../planout/script/value-kinds.ts';
import type { OnceLogger } from '../../runtime/logger.ts';
import { VARIANT_PARAMETER } from '../../specification/schema/namespace-shape.ts';
import type {
  AddedExperiment,
  CompiledNamespace,
  NamespaceOverrides,
} from '../compiled-namespace.ts';

/** Overrides as text, from a cookie. */
export interface OverrideTexts {
  readonly experiment: string | undefined;
  readonly params: ReadonlyMap<string, string>;
}

/** The value of an override, or the reason why it is ignored. */
export type ForcedValue = { readonly value: JsonValue } | { readonly problem: string };

/**
 * Reads the overrides of a namespace. Ignores experiments that are not running, parameters that no running
 * experiment can set, and values of the wrong kind.
 *
 * @returns undefined if nothing is forced
 */
export function readOverrides(
  namespace: CompiledNamespace,
  { experiment, params }: OverrideTexts,
): NamespaceOverrides | undefined {
  const added = experiment === undefined ? undefined : namespace.running.get(experiment);
  const values = new Map<string, JsonValue>();
  for (const [parameter, text] of params) {
    const read = readForced(namespace, parameter, text);
    if ('value' in read) values.set(parameter, read.value);
  }
  return added === undefined && values.size === 0 ? undefined : { added, params: values };
}

/**
 * Checks overrides from code. Ignores parameters that no running experiment can set, with one warning for
 * each.
 *
 * @returns undefined if nothing is forced
 * @throws OptionError (`option`) for anything but an object
 */
export function checkOverrides(
  namespace: CompiledNamespace,
  overrides: object,
  once: OnceLogger,
): NamespaceOverrides | undefined {
  if (!isObject(overrides)) {
    throw new OptionError(
      `setOverrides() takes an object of parameters, not ${showValue(overrides)}`,
    );
  }
  const settable = settableParameters(namespace);
  const params = new Map<string, unknown>();
  for (const [name, value] of Object.entries(overrides)) {
    if (value === undefined) continue;
    if (settable.has(name)) {
      params.set(name, value);
      continue;
    }
    const warning = `evenhand: namespace ${quote(namespace.spec.name)}: setOverrides() ignores ${quote(name)}, which no running experiment sets; they set: ${listNames(settable)}`;
    once.warn(warning, warning);
  }
  return params.size === 0 ? undefined : { added: undefined, params };
}

/**
 * Returns the forced parameters that an experiment can set. Others could hide a context value of the same
 * name, and a variant of another experiment sets nothing in this one.
 */
export function overridesFor(
  { parameters, hasVariants, spec }: AddedExperiment,
  { params }: NamespaceOverrides,
): Readonly<Record<string, unknown>> {
  const own = [...params].filter(([name, value]) => {
    if (!parameters.has(name)) return false;
    if (!hasVariants || name !== VARIANT_PARAMETER) return true;
    return spec.variants?.some((variant) => variant.name === value) === true;
  });
  return Object.fromEntries(own);
}

/** Returns all parameters of a participant: those of its experiment, then forced ones, then defaults. */
export function allParams(
  namespace: CompiledNamespace | undefined,
  forced: NamespaceOverrides | undefined,
  assignment: Assignment | undefined,
): Record<string, unknown> {
  return Object.fromEntries([
    ...(namespace?.defaults ?? []),
    ...(forced?.params ?? []),
    ...Object.entries(assignment?.getParams() ?? {}),
  ]);
}

/** Returns the parameters that some running experiment of a namespace can set. */
export function settableParameters({ running }: CompiledNamespace): ReadonlySet<string> {
  return new Set([...running.values()].flatMap(({ parameters }) => [...parameters]));
}

/**
 * Reads the value of a forced parameter: JSON of a kind that the parameter has, otherwise text if the
 * parameter can be a string.
 */
export function readForced(
  namespace: CompiledNamespace,
  parameter: string,
  text: string,
): ForcedValue {
  const setters = [...namespace.running.values()].filter((one) => one.parameters.has(parameter));
  if (setters.length === 0) return { problem: 'which no running experiment sets' };
  const variants = variantsOf(setters, parameter);
  if (variants !== undefined) {
    return variants.includes(text) ? { value: text } : { problem: oneOfNames(variants) };
  }
  const kinds = kindsIn(namespace, setters, parameter);
  const json = jsonIn(text);
  if (json !== undefined && kinds?.has(kindOf(json)) !== false) return { value: json };
  if (kinds?.has('string') !== false) return { value: text };
  return { problem: `which must be ${[...kinds].map((kind) => WORDS[kind]).join(' or ')}` };
}

const WORDS: Readonly<Record<ValueKind, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
  list: 'a list',
  map: 'a map',
};

function oneOfNames(names: readonly string[]): string {
  return `which must be one of ${names.map(quote).join(', ')}`;
}

/** Returns the variants that a parameter names; undefined if it is not the name of a variant. */
function variantsOf(
  setters: readonly AddedExperiment[],
  parameter: string,
): readonly string[] | undefined {
  if (parameter !== VARIANT_PARAMETER || !setters.every((one) => one.hasVariants)) return undefined;
  return [...new Set(setters.flatMap(({ spec }) => (spec.variants ?? []).map(({ name }) => name)))];
}

/** Returns the kinds of values that a parameter can have; undefined if they are not known. */
function kindsIn(
  { defaults }: CompiledNamespace,
  setters: readonly AddedExperiment[],
  parameter: string,
): ReadonlySet<ValueKind> | undefined {
  const kinds = new Set<ValueKind>();
  if (defaults.has(parameter)) kinds.add(kindOf(defaults.get(parameter)));
  for (const { spec } of setters) {
    const found = kindsOfParameter(spec, parameter);
    if (found === undefined) return undefined;
    for (const kind of found) kinds.add(kind);
  }
  return kinds;
}

/** Returns the kinds of the values that an experiment sets; undefined if a run decides. */
function kindsOfParameter(
  { script, variants = [] }: AddedExperiment['spec'],
  parameter: string,
): readonly ValueKind[] | undefined {
  if (script !== undefined) {
    const { kinds } = script.inspection;
    return Object.hasOwn(kinds, parameter) ? kinds[parameter] : [];
  }
  return variants.flatMap(({ name, values }) => {
    if (parameter === VARIANT_PARAMETER) return [kindOf(name)];
    return Object.hasOwn(values, parameter) ? [kindOf(values[parameter])] : [];
  });
}

/** Returns the JSON in a text as a frozen value; undefined for other text, and for JSON that is too deep. */
function jsonIn(text: string): JsonValue | undefined {
  try {
    const copied = copyJson(JSON.parse(text));
    return 'json' in copied ? copied.json : undefined;
  } catch {
    return undefined;
  }
}
