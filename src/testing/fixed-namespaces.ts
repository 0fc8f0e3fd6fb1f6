import { OptionError } from '../errors/usage-errors.ts';
import { quote, showValue } from '../errors/show-value.ts';
import type { Source } from '../sources/source.ts';
import type { RawNamespace } from '../specification/schema/namespace-shape.ts';
import type { JsonValue } from '../json/value.ts';
import { advice, rewrittenSource } from './rewritten-source.ts';

/** The parameters that everybody has in a namespace. */
export type FixedParameters = Readonly<Record<string, JsonValue>>;

const WHERE = 'fixedNamespaces()';

/**
 * A source in which everybody has the parameters named, whoever they are. Nobody is in an experiment
 * of these namespaces, and no unit is asked for.
 *
 * ```ts
 * const source = fixedNamespaces({ checkout: { button_text: 'Buy' } });
 * fixedNamespaces({ checkout: { button_text: 'Buy' } }, 'experiments.config.json');
 * fixedExperiments({ banner: 'off' }, fixedNamespaces({ checkout: {} }, 'experiments.config.json'));
 * ```
 *
 * @param namespaces parameters by namespace
 * @param rest where everything else comes from: a path, a `file:` URL, a specification or a source.
 *   The named namespaces must then be among them, and keep their other defaults. Default: there is
 *   nothing else
 * @throws OptionError (`option`) for what is no object of objects; `load()` throws it for a namespace
 *   that `rest` does not have, and SpecError (`json`, `spec`) where `rest` or a value is invalid
 */
export function fixedNamespaces(
  namespaces: Readonly<Record<string, FixedParameters>>,
  rest?: string | URL | object | Source,
): Source {
  const fixed = readFixed(namespaces);
  return rewrittenSource(rest ?? { experiments: [] }, (data, origin) => {
    const entries = new Map(data.namespaces?.map((one) => [one.name, one]));
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
    return { ...data, namespaces: [...entries.values()] };
  });
}

/** A namespace about which nothing else is known; nobody will ask for its unit. */
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
        `${WHERE}: the parameters of ${quote(name)} are an object, not ${showValue(parameters)}`,
      );
    }),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
