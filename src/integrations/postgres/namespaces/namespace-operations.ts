import { NamespaceError } from './namespace-error.ts';
import { listNames, quote } from '../../../errors/show-value.ts';
import {
  DEFAULT_SEGMENTS,
  type RawHistoryLine,
  type RawNamespace,
  type RawNamespaceExperiment,
} from '../../../specification/schema/namespace-shape.ts';
import type { OperatorSet } from '../../../planout/operator-set.ts';
import { allSegments, drawSegments, presentAfter } from './allocate.ts';
import type { NamespaceTables, StoredNamespace } from './namespace-tables.ts';
import { linesOf, parseNamespace } from './parse-namespace.ts';

/** An argument as plain JSON, not yet validated. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * Creates a namespace, inside a transaction.
 *
 * @throws NamespaceError `namespace-exists`
 * @throws SpecError (`spec`) if the library could not load it
 */
export async function createNamespace(
  tables: NamespaceTables,
  given: Given,
  operators: OperatorSet | undefined,
): Promise<void> {
  const raw = given as unknown as RawNamespace;
  const spec = parseNamespace(raw, operators);
  const { name, segments = DEFAULT_SEGMENTS, experiments = [], history = [], ...settings } = raw;
  if (!(await tables.insertNamespace(name, segments, settings))) {
    throw new NamespaceError(
      'namespace-exists',
      `a namespace ${quote(name)} exists or existed, and its history decides who is in which experiment; choose another name`,
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
 * Sets properties of a namespace, inside a transaction; null removes a property.
 *
 * @throws NamespaceError `unknown-namespace`
 * @throws SpecError (`spec`) if the library could not load the result
 */
export async function changeSettings(
  tables: NamespaceTables,
  name: string,
  given: Given,
  operators: OperatorSet | undefined,
): Promise<void> {
  const { raw, sequence } = await locked(tables, name);
  const changed = Object.fromEntries(
    Object.entries({ ...raw, ...given }).filter(([, value]) => value !== null),
  ) as unknown as RawNamespace;
  parseNamespace(changed, operators);
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
 * @throws SpecError (`spec`) if the library could not load the result
 */
export async function addExperiment(
  tables: NamespaceTables,
  namespace: string,
  given: Given,
  operators: OperatorSet | undefined,
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
      `the experiment ${quote(name)} already exists; remove it first, or use another name`,
    );
  }
  const used = [...present.values()].reduce((sum, line) => sum + line.segments, 0);
  const free = Number(raw.segments) - used;
  if (segments > free) {
    throw refusal(
      'not-enough-segments',
      namespace,
      `${quote(name)} needs ${segments} segments, but only ${free} are free; use fewer, or remove an experiment`,
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
  const changed = {
    ...raw,
    experiments: withDefinition(raw.experiments ?? [], defined, definition.is),
    history: [...(raw.history ?? []), line],
  };
  const spec = parseNamespace(changed, operators);
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
 * Removes an experiment from a namespace, inside a transaction.
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
      `the experiment ${quote(name)} does not exist; running experiments: ${listNames(present.keys()) || 'none'}`,
    );
  }
  await tables.freeSegments(namespace, name);
  await tables.appendOperation(namespace, sequence + 1, {
    operation: 'remove',
    line: { remove: name },
  });
}

/**
 * Drops a namespace, inside a transaction.
 *
 * @throws NamespaceError `unknown-namespace`, or `experiment-exists` if it has experiments
 */
export async function dropNamespace(tables: NamespaceTables, name: string): Promise<void> {
  const { raw, sequence } = await locked(tables, name);
  const present = [...presentAfter(linesOf(raw)).keys()];
  if (present.length > 0) {
    throw refusal(
      'experiment-exists',
      name,
      `it still has experiments: ${listNames(present)}; remove them first`,
    );
  }
  await tables.setDropped(name);
  await tables.appendOperation(name, sequence + 1, { operation: 'drop' });
}

/**
 * Returns a namespace that has not been dropped, as of one moment.
 *
 * @throws NamespaceError `unknown-namespace`
 */
export async function existing(tables: NamespaceTables, name: string): Promise<StoredNamespace> {
  const stored = await tables.read(name);
  if (stored === undefined || stored.dropped) {
    const reason = stored === undefined ? 'it does not exist' : 'it was dropped';
    throw unknownNamespace(name, reason);
  }
  return stored;
}

/** Returns a namespace as {@link existing} does, and locks it until the transaction ends. */
async function locked(tables: NamespaceTables, name: string): Promise<StoredNamespace> {
  // In its own statement: one that also reads would see the rows from before it waited for the
  // lock.
  await tables.lock(name);
  return existing(tables, name);
}

/** Returns the error for a namespace that does not exist. */
export function unknownNamespace(name: string, reason: string): NamespaceError {
  return refusal('unknown-namespace', name, reason);
}

/** Selects the definition of an experiment, and decides if it must be written. */
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
        `the definition ${quote(name)} does not exist; pass a script or variants`,
      );
    }
    const { name: _name, ...is } = found;
    return { is, isNew: false };
  }
  if (found === undefined) return { is: given, isNew: true };
  const { name: _name, ...was } = found;
  const isSame = JSON.stringify(was) === JSON.stringify(given);
  // A definition that no running experiment uses may be replaced; the history keeps the old one.
  if (!isSame && isUsed) {
    throw refusal(
      'definition-exists',
      namespace,
      `${quote(name)} is already defined differently and is used by a running experiment; name the new definition with "experiment"`,
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
