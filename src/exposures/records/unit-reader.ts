import type { Visitor, TrackedEvent, UnitSources } from '../../assignment/listener.ts';
import { identityText } from '../../hash/text.ts';
import { unitTextOf } from '../../planout/namespaces/namespace-unit.ts';
import { MISSING, readPath } from '../../rules/values/attributes.ts';
import { identityPaths } from '../../specification/identity-paths.ts';
import { ANONYMOUS_IDENTITY, RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';

/** An identity or a namespace's unit, by its name in exposures. */
interface UnitPath {
  readonly name: string;
  /** The keys of its paths; a namespace can have several. */
  readonly paths: readonly (readonly string[])[];
  readonly isTracked: boolean;
}

/** Reads the units by which events can be joined with exposures. */
export class UnitReader {
  /** The paths by the experiment table of a snapshot, which never changes. */
  private readonly known = new WeakMap<object, readonly UnitPath[]>();

  /** Returns the texts of the units in the context, by path. Never throws. */
  read(
    { sources, context }: Pick<TrackedEvent, 'sources' | 'context'>,
    visitor: Visitor | undefined,
  ): ReadonlyMap<string, string> {
    const units = new Map<string, string>();
    for (const { name, paths, isTracked } of this.pathsOf(sources)) {
      // Only a decision sets the cookie: without one, a new key is lost with the response.
      if (isTracked && visitor?.knowsKey() === false) continue;
      const text = unitTextIn(context, paths);
      if (text !== undefined) units.set(name, text);
    }
    return units;
  }

  private pathsOf(sources: UnitSources): readonly UnitPath[] {
    let paths = this.known.get(sources.experiments);
    if (paths === undefined) {
      paths = collect(sources);
      this.known.set(sources.experiments, paths);
    }
    return paths;
  }
}

function collect({ experiments, namespaces }: UnitSources): UnitPath[] {
  const lists = new Map<string, readonly string[]>();
  for (const { spec } of [...experiments.all, ...(experiments.holdouts?.all ?? [])]) {
    if (spec.exposure === 'off' || spec.identity === RANDOM_IDENTITY) continue;
    for (const path of identityPaths(spec.identity)) lists.set(path, [path]);
  }
  for (const { spec } of namespaces.values()) {
    if (spec.exposure !== 'off') lists.set(spec.unit.join(','), spec.unit);
  }
  return Array.from(lists, ([name, list]) => {
    const paths = list.map((path) => path.split('.'));
    return { name, paths, isTracked: paths.some(([first]) => first === ANONYMOUS_IDENTITY) };
  });
}

function unitTextIn(context: object, paths: UnitPath['paths']): string | undefined {
  try {
    const values = paths.map((keys) => readPath(context, keys));
    const [value] = values;
    if (values.length === 1 && !Array.isArray(value)) return identityText(value);
    const isComplete = values.every((one) => one !== undefined && one !== MISSING);
    return isComplete ? unitTextOf(values, refuse) : undefined;
  } catch {
    return undefined;
  }
}

function refuse(_index: number, reason: string): never {
  throw new TypeError(reason);
}
