import { checkOptions } from '../../../options/check-options.ts';
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
   * How long is waited for others that change the same namespace, in milliseconds, [1, 86400000].
   *
   * @default 30000
   */
  lockTimeoutMs?: number;
};

const DEFAULT_LOCK_TIMEOUT_MS = 30_000;

/** A day. */
const MAX_LOCK_TIMEOUT_MS = 86_400_000;

const namespacesChecks = new Map([
  ...postgresChecks,
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
 * Namespaces in PostgreSQL, for many who change them at once. Each change is one transaction, which
 * locks the namespace, checks the change as the library checks a file, and writes it with a line of the
 * history; `postgresSource()` then delivers it. Segments are those that a `SimpleNamespace` with the
 * same history would have.
 *
 * All members reject with NamespaceError (`namespace`) for what the namespace can't do, SpecError (`spec`)
 * for what the library would not load, OptionError (`option`) for arguments that can't be meant or where nobody says to be the author, and
 * StoreError (`store`) where the database can't be reached or refuses. Nothing has changed then, unless
 * the StoreError says that PostgreSQL did not answer: the history tells.
 */
export interface PostgresNamespaces {
  /** Makes a namespace; with its experiments and its history, where it comes from a file. */
  create(namespace: NewNamespace, by: Authorship): Promise<void>;
  /** Sets the properties that are given, takes those away that are null, and leaves the others. */
  change(namespace: string, settings: ChangedSettings, by: Authorship): Promise<void>;
  /**
   * Gives an experiment free segments, drawn by its name.
   *
   * @returns the segments, sorted
   */
  addExperiment(namespace: string, experiment: NewExperiment, by: Authorship): Promise<number[]>;
  /** Takes an experiment out and frees its segments. */
  removeExperiment(namespace: string, name: string, by: Authorship): Promise<void>;
  /** Takes a namespace that has no experiments out of force, for good. Its history stays. */
  drop(namespace: string, by: Authorship): Promise<void>;
  /** The namespaces that are in force, by name. */
  list(): Promise<NamespaceSummary[]>;
  /** A namespace as `experiments.config.json` would hold it; undefined where there is none. */
  get(namespace: string): Promise<NewNamespace | undefined>;
  /** The segments of each experiment as the table has them, sorted, in the order they were added. */
  allocations(namespace: string): Promise<Record<string, number[]>>;
  /** All operations, from the first; also of a namespace that was dropped. */
  history(namespace: string): Promise<NamespaceOperationRecord[]>;
}

/**
 * Namespaces in PostgreSQL; see {@link PostgresNamespaces}. The tables are made by
 * `evenhand postgres migrate` or `migratePostgres()`.
 *
 * @throws OptionError (`option`) for options that can't be meant
 */
export function createPostgresNamespaces(options: PostgresNamespacesOptions): PostgresNamespaces {
  checkOptions('createPostgresNamespaces()', options, namespacesChecks);
  assertOneConnection('createPostgresNamespaces()', options);
  const { lockTimeoutMs = DEFAULT_LOCK_TIMEOUT_MS } = options;
  const settings = { ...options, lockTimeoutMs };
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
      checkAuthorship('create()', by);
      await changeNamespaces(settings, by, (tables) => createNamespace(tables, given));
    },
    async change(namespace, changes, by) {
      const name = named(namespace);
      const given = changesOf(changes);
      checkAuthorship('change()', by);
      await changeNamespaces(settings, by, (tables) => changeSettings(tables, name, given));
    },
    async addExperiment(namespace, experiment, by) {
      const name = named(namespace);
      const given = plainCopy('addExperiment()', experiment);
      nameOf("an experiment's name", given['name']);
      if (given['experiment'] !== undefined) {
        nameOf("a definition's name", given['experiment']);
      }
      checkAuthorship('addExperiment()', by);
      return changeNamespaces(settings, by, (tables) => addExperiment(tables, name, given));
    },
    async removeExperiment(namespace, experiment, by) {
      const name = named(namespace);
      const removed = nameOf("an experiment's name", experiment);
      checkAuthorship('removeExperiment()', by);
      await changeNamespaces(settings, by, (tables) => removeExperiment(tables, name, removed));
    },
    async drop(namespace, by) {
      const name = named(namespace);
      checkAuthorship('drop()', by);
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
      if (operations.length === 0) throw unknownNamespace(name, 'there is no such namespace');
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
