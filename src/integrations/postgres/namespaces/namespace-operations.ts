import { NamespaceError } from './namespace-error.ts';
import { listNames, quote } from '../../../errors/show-value.ts';
import {
  DEFAULT_SEGMENTS,
  type RawHistoryLine,
  type RawNamespace,
  type RawNamespaceExperiment,
} from '../../../specification/schema/namespace-shape.ts';
import { allSegments, drawSegments, presentAfter } from './allocate.ts';
import type { NamespaceTables, StoredNamespace } from './namespace-tables.ts';
import { linesOf, parseNamespace } from './parse-namespace.ts';

/** What was given, as JSON has it; not yet validated. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * Makes a namespace, inside a transaction.
 *
 * @throws NamespaceError `namespace-exists`
 * @throws SpecError (`spec`) for what the library would not load
 */
export async function createNamespace(tables: NamespaceTables, given: Given): Promise<void> {
  const raw = given as unknown as RawNamespace;
  const spec = parseNamespace(raw);
  const { name, segments = DEFAULT_SEGMENTS, experiments = [], history = [], ...settings } = raw;
  if (!(await tables.insertNamespace(name, segments, settings))) {
    throw new NamespaceError(
      'namespace-exists',
      `there is, or was, a namespace ${quote(name)}; its history says who is in which experiment, so take another name`,
    );
  }
  const definitions = new Map<string, object>();
  for (const { name: defined, ...definition } of experiments) {
    definitions.set(defined, definition);
    await tables.putDefinition(name, defined, definition);
  }
  for (const [experiment, taken] of allSegments(spec)) {
    await tables.takeSegments(name, experiment, taken);
  }
  await tables.appendOperation(name, 1, {
    operation: 'create',
    specification: { segments, ...settings },
  });
  for (const [i, line] of history.entries()) {
    const specification = definitions.get(line.experiment ?? line.add ?? '');
    await tables.appendOperation(
      name,
      i + 2,
      line.add === undefined
        ? { operation: 'remove', line }
        : { operation: 'add', line, specification },
    );
  }
}

/**
 * Sets properties of a namespace, inside a transaction; what is null is taken away.
 *
 * @throws NamespaceError `unknown-namespace`
 * @throws SpecError (`spec`) for what the library would not load
 */
export async function changeSettings(
  tables: NamespaceTables,
  name: string,
  given: Given,
): Promise<void> {
  const { raw, sequence } = await locked(tables, name);
  const changed = Object.fromEntries(
    Object.entries({ ...raw, ...given }).filter(([, value]) => value !== null),
  ) as unknown as RawNamespace;
  parseNamespace(changed);
  const { name: _name, segments: _segments, experiments: _e, history: _h, ...settings } = changed;
  await tables.updateSettings(name, settings);
  await tables.appendOperation(name, sequence + 1, {
    operation: 'change',
    specification: settings,
  });
}

/**
 * Adds an experiment to a namespace, inside a transaction.
 *
 * @returns its segments, sorted
 * @throws NamespaceError `unknown-namespace`, `experiment-exists`, `unknown-definition`,
 *   `definition-exists`, `not-enough-segments` or `inconsistent`
 * @throws SpecError (`spec`) for what the library would not load
 */
export async function addExperiment(
  tables: NamespaceTables,
  namespace: string,
  given: Given,
): Promise<number[]> {
  const { name, segments, experiment, ...rest } = given as {
    name: string;
    segments: number;
    experiment?: string;
  };
  const { raw, sequence, taken } = await locked(tables, namespace);
  const present = presentAfter(linesOf(raw));
  if (present.has(name)) {
    throw refusal(
      'experiment-exists',
      namespace,
      `there is an experiment ${quote(name)} already; remove it first, or add this under another name`,
    );
  }
  const used = [...present.values()].reduce((sum, line) => sum + line.segments, 0);
  const free = Number(raw.segments) - used;
  if (segments > free) {
    throw refusal(
      'not-enough-segments',
      namespace,
      `${quote(name)} can't have ${segments} segments: only ${free} are free`,
    );
  }
  const defined = experiment ?? name;
  const isUsed = [...present.values()].some((line) => line.experiment === defined);
  const definition = definitionOf(raw, defined, rest, isUsed);
  const line: RawHistoryLine = {
    add: name,
    segments,
    ...(experiment !== undefined && { experiment }),
  };
  const spec = parseNamespace({
    ...raw,
    experiments: withDefinition(raw.experiments ?? [], defined, definition.is),
    history: [...(raw.history ?? []), line],
  });
  const drawn = drawSegments(spec, taken);
  if (definition.isNew) await tables.putDefinition(namespace, defined, definition.is);
  await tables.takeSegments(namespace, name, drawn);
  await tables.appendOperation(namespace, sequence + 1, {
    operation: 'add',
    line,
    specification: definition.is,
  });
  return drawn.toSorted((a, b) => a - b);
}

/**
 * Takes an experiment out of a namespace, inside a transaction.
 *
 * @throws NamespaceError `unknown-namespace` or `unknown-experiment`
 */
export async function removeExperiment(
  tables: NamespaceTables,
  namespace: string,
  name: string,
): Promise<void> {
  const { raw, sequence } = await locked(tables, namespace);
  const present = presentAfter(linesOf(raw));
  if (!present.has(name)) {
    throw refusal(
      'unknown-experiment',
      namespace,
      `there is no experiment ${quote(name)} to remove; present: ${listNames(present.keys()) || 'none'}`,
    );
  }
  await tables.freeSegments(namespace, name);
  await tables.appendOperation(namespace, sequence + 1, {
    operation: 'remove',
    line: { remove: name },
  });
}

/**
 * Takes a namespace out of force, inside a transaction.
 *
 * @throws NamespaceError `unknown-namespace`, or `experiment-exists` while somebody is in it
 */
export async function dropNamespace(tables: NamespaceTables, name: string): Promise<void> {
  const { raw, sequence } = await locked(tables, name);
  const present = [...presentAfter(linesOf(raw)).keys()];
  if (present.length > 0) {
    throw refusal(
      'experiment-exists',
      name,
      `it has experiments: ${listNames(present)}; remove them first`,
    );
  }
  await tables.setDropped(name);
  await tables.appendOperation(name, sequence + 1, { operation: 'drop' });
}

/**
 * A namespace that is in force, as of one moment.
 *
 * @throws NamespaceError `unknown-namespace`
 */
export async function existing(tables: NamespaceTables, name: string): Promise<StoredNamespace> {
  const stored = await tables.read(name);
  if (stored === undefined || stored.dropped) {
    const reason = stored === undefined ? 'there is no such namespace' : 'it was dropped';
    throw unknownNamespace(name, reason);
  }
  return stored;
}

/** The same, and nobody else can change it until the transaction ends. */
async function locked(tables: NamespaceTables, name: string): Promise<StoredNamespace> {
  // Apart from reading: a statement sees what was there when it began, and waiting is part of it.
  await tables.lock(name);
  return existing(tables, name);
}

/** That a namespace is not there. */
export function unknownNamespace(name: string, reason: string): NamespaceError {
  return refusal('unknown-namespace', name, reason);
}

/** The definition that is meant, and whether it is to be written. */
function definitionOf(
  { name: namespace, experiments = [] }: RawNamespace,
  name: string,
  given: object,
  isUsed: boolean,
): { readonly is: object; readonly isNew: boolean } {
  const found = experiments.find((one) => one.name === name);
  if (!('script' in given) && !('variants' in given)) {
    if (found === undefined) {
      throw refusal(
        'unknown-definition',
        namespace,
        `there is no definition ${quote(name)}; give a script or variants`,
      );
    }
    const { name: _name, ...is } = found;
    return { is, isNew: false };
  }
  if (found === undefined) return { is: given, isNew: true };
  const { name: _name, ...was } = found;
  const isSame = JSON.stringify(was) === JSON.stringify(given);
  // A definition that nobody goes by may be replaced: the history has what it was.
  if (!isSame && isUsed) {
    throw refusal(
      'definition-exists',
      namespace,
      `there is another definition ${quote(name)}, by which a present experiment goes; give this one a name of its own with "experiment"`,
    );
  }
  return { is: given, isNew: !isSame };
}

function withDefinition(
  experiments: readonly RawNamespaceExperiment[],
  name: string,
  definition: object,
): RawNamespaceExperiment[] {
  const defined = { ...definition, name };
  const isThere = experiments.some((one) => one.name === name);
  return isThere
    ? experiments.map((one) => (one.name === name ? defined : one))
    : [...experiments, defined];
}

function refusal(
  problem: ConstructorParameters<typeof NamespaceError>[0],
  namespace: string,
  reason: string,
): NamespaceError {
  return new NamespaceError(problem, `namespace ${quote(namespace)}: ${reason}`);
}
