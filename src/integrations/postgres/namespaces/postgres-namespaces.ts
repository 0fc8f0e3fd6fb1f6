import { checkOptions } from '../../../options/check-options.ts';
import { type OperatorSet, operatorsCheck } from '../../../planout/operator-set.ts';
import {
  DEFAULT_SEGMENTS,
  type RawNamespace,
} from '../../../specification/schema/namespace-shape.ts';
import type { Authorship } from '../store/change-set.ts';
import {
  assertOneConnection,
  postgresChecks,
  type PostgresOptions,
  schemaPrefix,
} from '../connection/connection.ts';
import { checkAuthorship } from '../store/store-options.ts';
import { inTransaction } from '../connection/transaction.ts';
import { presentAfter } from './allocate.ts';
import { changesOf, nameOf, plainCopy } from './namespace-arguments.ts';
import {
  addExperiment,
  changeSettings,
  createNamespace,
  dropNamespace,
  existing,
  removeExperiment,
  unknownNamespace,
} from './namespace-operations.ts';
import { NamespaceTables } from './namespace-tables.ts';
import { changeNamespaces, toNamespaceError } from './namespace-transaction.ts';
import type {
  ChangedSettings,
  NamespaceOperationRecord,
  NamespaceSummary,
  NewExperiment,
  NewNamespace,
} from './namespace-types.ts';
import { linesOf } from './parse-namespace.ts';

/** Options of `createPostgresNamespaces()`. */
export type PostgresNamespacesOptions = PostgresOptions & {
  /**
   * The longest wait for other writers of the same namespace, in milliseconds, from 1 to 86400000.
   *
   * @default 30000
   */
  lockTimeoutMs?: number;
  /**
   * The operators that scripts may call besides PlanOut's own, from `registerOperators` of
   * `evenhand/planout`. The clients need the same option.
   *
   * @default none
   */
  operators?: OperatorSet | undefined;
};

const DEFAULT_LOCK_TIMEOUT_MS = 30_000;

/** One day. */
const MAX_LOCK_TIMEOUT_MS = 86_400_000;

const namespacesChecks = new Map([
  ...postgresChecks,
  ['operators', operatorsCheck],
  [
    'lockTimeoutMs',
    {
      expected: `a whole number of milliseconds from 1 to ${MAX_LOCK_TIMEOUT_MS}`,
      accepts: (value: unknown) =>
        typeof value === 'number' &&
        Number.isInteger(value) &&
        value >= 1 &&
        value <= MAX_LOCK_TIMEOUT_MS,
    },
  ],
]);

/**
 * Namespaces in PostgreSQL, which many processes may change at once. Each change is one
 * transaction. It locks the namespace, checks the change as the library checks a file, and writes
 * it together with a line of the history. `postgresSource()` then delivers it. The segments are the
 * same as those of a `SimpleNamespace` with the same history.
 *
 * All methods reject with NamespaceError (`namespace`) if the change is not possible, SpecError
 * (`spec`) if the library could not load the result, OptionError (`option`) for invalid arguments
 * or a missing author, and StoreError (`store`) if the database can't be reached or reports an
 * error. A rejected change has no effect, unless the StoreError says that PostgreSQL did not
 * confirm the commit; the history then shows if the change was made.
 */
export interface PostgresNamespaces {
  /** Creates a namespace. One from a file may include its experiments and its history. */
  create(namespace: NewNamespace, by: Authorship): Promise<void>;
  /** Sets the given properties, removes those that are null, and keeps the others. */
  change(namespace: string, settings: ChangedSettings, by: Authorship): Promise<void>;
  /**
   * Adds an experiment. Its segments are drawn from the free ones by its name.
   *
   * @returns the segments, sorted
   */
  addExperiment(namespace: string, experiment: NewExperiment, by: Authorship): Promise<number[]>;
  /** Removes an experiment and frees its segments. */
  removeExperiment(namespace: string, name: string, by: Authorship): Promise<void>;
  /** Drops a namespace without experiments, permanently. Its history is kept. */
  drop(namespace: string, by: Authorship): Promise<void>;
  /** Returns the namespaces that have not been dropped, sorted by name. */
  list(): Promise<NamespaceSummary[]>;
  /** Returns a namespace as in `experiments.config.json`; undefined if it does not exist. */
  get(namespace: string): Promise<NewNamespace | undefined>;
  /**
   * Returns the segments of each experiment, sorted. Experiments are in the order they were added.
   */
  allocations(namespace: string): Promise<Record<string, number[]>>;
  /** Returns all operations from the first, also for a dropped namespace. */
  history(namespace: string): Promise<NamespaceOperationRecord[]>;
}

/**
 * Returns access to the namespaces in PostgreSQL; see {@link PostgresNamespaces}. Create the tables
 * with `evenhand postgres migrate` or `migratePostgres()`.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function createPostgresNamespaces(options: PostgresNamespacesOptions): PostgresNamespaces {
  options = checkOptions('createPostgresNamespaces()', options, namespacesChecks);
  assertOneConnection('createPostgresNamespaces()', options);
  const { lockTimeoutMs = DEFAULT_LOCK_TIMEOUT_MS, operators } = options;
  const settings = Object.assign(options, { lockTimeoutMs });
  const read = async <Result>(
    work: (tables: NamespaceTables) => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await inTransaction(options, (connection) =>
        work(new NamespaceTables(connection, schemaPrefix(options))),
      );
    } catch (error) {
      throw toNamespaceError(error, lockTimeoutMs);
    }
  };
  const named = (namespace: unknown): string => nameOf("a namespace's name", namespace);

  return {
    async create(namespace, by) {
      const given = plainCopy('create()', namespace);
      named(given['name']);
      by = checkAuthorship('create()', by);
      await changeNamespaces(settings, by, (tables) => createNamespace(tables, given, operators));
    },
    async change(namespace, changes, by) {
      const name = named(namespace);
      const given = changesOf(changes);
      by = checkAuthorship('change()', by);
      await changeNamespaces(settings, by, (tables) =>
        changeSettings(tables, name, given, operators),
      );
    },
    async addExperiment(namespace, experiment, by) {
      const name = named(namespace);
      const given = plainCopy('addExperiment()', experiment);
      nameOf("an experiment's name", given['name']);
      if (given['experiment'] !== undefined) {
        nameOf("a definition's name", given['experiment']);
      }
      by = checkAuthorship('addExperiment()', by);
      return changeNamespaces(settings, by, (tables) =>
        addExperiment(tables, name, given, operators),
      );
    },
    async removeExperiment(namespace, experiment, by) {
      const name = named(namespace);
      const removed = nameOf("an experiment's name", experiment);
      by = checkAuthorship('removeExperiment()', by);
      await changeNamespaces(settings, by, (tables) => removeExperiment(tables, name, removed));
    },
    async drop(namespace, by) {
      const name = named(namespace);
      by = checkAuthorship('drop()', by);
      await changeNamespaces(settings, by, (tables) => dropNamespace(tables, name));
    },
    async list() {
      return (await read((tables) => tables.readAll())).map(summaryOf);
    },
    async get(namespace) {
      const stored = await read((tables) => tables.read(named(namespace)));
      return stored?.dropped === false ? (stored.raw as NewNamespace) : undefined;
    },
    async allocations(namespace) {
      const { raw, taken } = await read((tables) => existing(tables, named(namespace)));
      const present = presentAfter(linesOf(raw));
      return Object.fromEntries(
        [...new Set([...present.keys(), ...taken.keys()])].map((name) => [
          name,
          [...(taken.get(name) ?? [])],
        ]),
      );
    },
    async history(namespace) {
      const name = named(namespace);
      const operations = await read((tables) => tables.readHistory(name));
      if (operations.length === 0) throw unknownNamespace(name, 'it does not exist');
      return operations;
    },
  };
}

function summaryOf(raw: RawNamespace): NamespaceSummary {
  const { name, segments = DEFAULT_SEGMENTS } = raw;
  const experiments = [...presentAfter(linesOf(raw)).values()].map(({ add, segments: count }) => ({
    name: add,
    segments: count,
  }));
  const taken = experiments.reduce((sum, experiment) => sum + experiment.segments, 0);
  return { name, segments, free: segments - taken, experiments };
}
