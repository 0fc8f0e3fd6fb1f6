import { isObject } from '../options/check-options.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { quote, showValue } from '../errors/show-value.ts';
import type { Source } from '../sources/source.ts';
import type { RawNamespace } from '../specification/schema/namespace-shape.ts';
import type { JsonValue } from '../json/value.ts';
import { advice, rewrittenSource } from './rewritten-source.ts';

/** The parameters that everyone gets in a namespace. */
export type FixedParameters = Readonly<Record<string, JsonValue>>;

const WHERE = 'fixedNamespaces()';

/**
 * Returns a source that gives everyone the named parameters. Nobody is in an experiment of these
 * namespaces, so decisions need no unit.
 *
 * ```ts
 * const source = fixedNamespaces({ checkout: { button_text: 'Buy' } });
 * fixedNamespaces({ checkout: { button_text: 'Buy' } }, 'experiments.config.json');
 * fixedExperiments({ banner: 'off' }, fixedNamespaces({ checkout: {} }, 'experiments.config.json'));
 * ```
 *
 * @param namespaces the parameters by namespace
 * @param rest the origin of everything else: a path, a `file:` URL, a specification or a source. It must
 *   contain the named namespaces, which keep their other defaults. Default: nothing else
 * @throws OptionError (`option`) for an argument that is not an object of objects. `load()` throws it for
 *   a namespace that `rest` does not contain, and SpecError (`json`, `spec`) if `rest` or a value is
 *   invalid
 */
export function fixedNamespaces(
  namespaces: Readonly<Record<string, FixedParameters>>,
  rest?: string | URL | object | Source,
): Source {
  const fixed = readFixed(namespaces);
  return rewrittenSource(rest ?? { experiments: [] }, (parts, origin) => {
    const given = parts.flatMap(({ namespaces = [] }) => namespaces);
    const entries = new Map(given.map((one) => [one.name, one]));
    for (const [name, parameters] of fixed) {
      const entry = entries.get(name) ?? (rest === undefined ? alone(name) : undefined);
      if (entry === undefined) {
        throw new OptionError(
          `${WHERE}: ${origin} has no namespace ${quote(name)}; ${advice(name, [...entries.keys()])}`,
        );
      }
      const defaults = { ...entry.defaults, ...parameters };
      entries.set(name, { ...entry, defaults, history: [] });
    }
    if (rest === undefined) return [{ experiments: [], namespaces: [...entries.values()] }];
    return parts.map(({ namespaces, ...others }) => ({
      ...others,
      ...(namespaces && { namespaces: namespaces.map((own) => entries.get(own.name) ?? own) }),
    }));
  });
}

/** Returns the namespace when there is no other specification. Its unit is never read. */
function alone(name: string): RawNamespace {
  return { name, unit: 'user.id', segments: 1 };
}

function readFixed(namespaces: unknown): ReadonlyMap<string, FixedParameters> {
  if (!isObject(namespaces)) {
    throw new OptionError(
      `${WHERE} takes an object of parameters by namespace: { checkout: { button_text: "Buy" } }`,
    );
  }
  return new Map(
    Object.entries(namespaces).map(([name, parameters]) => {
      if (isObject(parameters)) return [name, parameters as FixedParameters];
      throw new OptionError(
        `${WHERE}: the parameters of ${quote(name)} must be an object, not ${showValue(parameters)}`,
      );
    }),
  );
}
