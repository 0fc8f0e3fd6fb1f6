import { readsNow } from '../../assignment/special/reserved-names.ts';
import { parseDate } from '../../rules/typed-text/date.ts';
import { version } from '../../rules/typed-text/version.ts';
import type { RuleType } from '../../rules/types/types.ts';
import { isObject } from '../../options/check-options.ts';
import { contextTypeOf } from '../../specification/context/context-checks.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import { NOW } from '../../specification/reserved-names.ts';

/** Prepares a context that was read from JSON. Returns a copy if anything changes. */
export type PrepareContext = (context: object) => object;

/**
 * Returns a function that makes contexts from JSON like those of the application: texts become the
 * versions and dates that the declared context says they are. A text that is not a version becomes None,
 * as `version()` makes it, and one that is not a date becomes an invalid Date.
 *
 * @param data the parsed JSON of a valid specification
 */
export function contextConverter(data: unknown): PrepareContext {
  const convert = converterOf([contextTypeOf(data)]) ?? ((context) => context);
  return (context) => convert(context) as object;
}

/**
 * Returns a function that adds the instant `now` to contexts, unless they have their own, for decisions
 * without a participant.
 *
 * @param experiments the experiments of a specification; if no rule reads `now`, nothing is added
 */
export function instantAdder(experiments: readonly ExperimentSpec[], now: Date): PrepareContext {
  if (!experiments.some(readsNow)) return (context) => context;
  return (context) => (Object.hasOwn(context, NOW) ? context : { ...context, [NOW]: now });
}

type Convert = (value: unknown) => unknown;

/** Returns the conversion of values of a type; undefined if they stay as they are. */
function converterOf(type: RuleType): Convert | undefined {
  const kinds = new Set(type.map(({ kind }) => kind));
  // A value that may be a string as well stays one.
  const isText = kinds.has('string') || kinds.has('any');
  const converters = type.flatMap((one): Convert[] => {
    switch (one.kind) {
      case 'version':
        return isText ? [] : [(value) => (typeof value === 'string' ? version(value) : value)];
      case 'date':
        return isText ? [] : [(value) => (typeof value === 'string' ? dateOf(value) : value)];
      case 'list': {
        const convert = converterOf(one.items);
        if (convert === undefined) return [];
        return [(value) => (Array.isArray(value) ? value.map(convert) : value)];
      }
      case 'dict': {
        const named = Array.from(one.properties, ([name, property]) => {
          const convert = converterOf(property.type);
          return convert === undefined ? [] : [[name, convert] as const];
        });
        const others = one.others === undefined ? undefined : converterOf(one.others);
        const byName = new Map(named.flat());
        if (byName.size === 0 && others === undefined) return [];
        const known = new Set(one.properties.keys());
        return [
          (value) =>
            convertObject(
              value,
              (name) => byName.get(name) ?? (known.has(name) ? undefined : others),
            ),
        ];
      }
      default:
        return [];
    }
  });
  if (converters.length === 0) return undefined;
  return (value) => converters.reduce((converted, convert) => convert(converted), value);
}

function convertObject(
  value: unknown,
  converterFor: (name: string) => Convert | undefined,
): unknown {
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([name, inner]): [string, unknown] => {
    const convert = converterFor(name);
    return [name, convert === undefined ? inner : convert(inner)];
  });
  return Object.fromEntries(entries);
}

function dateOf(text: string): Date {
  return new Date(parseDate(text) ?? Number.NaN);
}
