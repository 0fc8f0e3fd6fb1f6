import { checkOptions } from '../../../options/check-options.ts';
import { EvenhandError } from '../../../errors/evenhand-error.ts';
import { OptionError } from '../../../errors/usage-errors.ts';
import { quote } from '../../../errors/show-value.ts';
import {
  type ChangedRow,
  changeRows,
  lockWholeSet,
  readRows,
  type RowChange,
  signChanges,
} from './change-set.ts';
import {
  assertOneConnection,
  postgresChecks,
  type PostgresOptions,
  type PostgresQueryable,
  schemaPrefix,
} from '../connection/connection.ts';
import { flipEntry, type SwitchState } from '../../../changes/flip-switch.ts';
import { entryOf, readPut } from './read-put.ts';
import { requiredNumber, textIn } from '../connection/row.ts';
import {
  checkChangeOptions,
  checkSwitchOptions,
  type HistoryOptions,
  historyOptions,
  type PutSwitchOptions,
  type StoreChangeOptions,
} from './store-options.ts';
import {
  HISTORY_COLUMNS,
  type HistoryEntry,
  readHistoryEntry,
  readStored,
  STORED_COLUMNS,
  type StoredExperiment,
} from './stored.ts';
import { inTransaction, storeError } from '../connection/transaction.ts';
import { assertWholeSet, readWholeSet } from './whole-set.ts';

/** The result of a change. */
export interface StoreChange {
  /** The revision of the whole set after the change. */
  readonly revision: number;
  /** The result for each experiment in the given order, and last for the context. */
  readonly changes: readonly ChangedRow[];
  /**
   * The whole specification before the change, as in `experiments.config.json`; with `dryRun` only.
   */
  readonly before?: unknown;
  /** The whole specification after the change; with `dryRun` only. */
  readonly after?: unknown;
}

/** The current experiments. */
export interface StoredSet {
  /** The current revision, for the option `since`. */
  readonly revision: number;
  /** The experiments, sorted by name. */
  readonly experiments: readonly StoredExperiment[];
}

/** The rows that a change writes. */
interface RowChanges {
  readonly experiments: readonly RowChange[];
  readonly context?: readonly RowChange[];
}

/**
 * Returns a store that writes the experiments in a database. Each change is one transaction. Before
 * it commits, the whole resulting specification is validated and the change is recorded with its
 * author. Writers wait for each other.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function createPostgresStore(options: PostgresOptions): PostgresStore {
  options = checkOptions('createPostgresStore()', options, postgresChecks);
  assertOneConnection('createPostgresStore()', options);
  return new PostgresStore(options);
}

/**
 * The result of {@link createPostgresStore}. All methods reject with OptionError (`option`) for
 * invalid arguments and with StoreError (`store`) if the database reports an error. Changes also
 * reject with SpecError (`spec`) if the resulting specification is invalid, and with ConflictError
 * (`conflict`) if someone else has changed the experiment. A rejected change has no effect.
 */
export class PostgresStore {
  private readonly options: PostgresOptions;
  private readonly prefix: string;

  /** @param options options that have been checked */
  constructor(options: PostgresOptions) {
    this.options = options;
    this.prefix = schemaPrefix(options);
  }

  /**
   * Writes experiments, all or none. They replace experiments of the same names; others stay.
   *
   * @param specification a list of experiments, an object with `experiments` and `context` as in
   *   `experiments.config.json`, or one experiment, also as the shorthand `"name:on"`
   */
  async put(specification: unknown, options: StoreChangeOptions): Promise<StoreChange> {
    options = checkChangeOptions('put()', options);
    const { experiments, context } = readPut(specification);
    const { expectedVersion, since } = options;
    if (expectedVersion !== undefined && experiments.length > 1) {
      throw new OptionError(
        'put(): "expectedVersion" works for one experiment only; use "since" for several',
      );
    }
    return this.change(options, async () => ({
      experiments: experiments.map(({ name, entry }) => ({
        kind: 'experiment',
        name,
        specification: entry,
        expectedVersion,
        since,
      })),
      ...(context !== undefined && { context: [contextChange(context, { since })] }),
    }));
  }

  /** Turns a switch on or off, and creates it if it does not exist. */
  async putSwitch(
    name: string,
    state: SwitchState,
    options: PutSwitchOptions,
  ): Promise<StoreChange> {
    options = checkSwitchOptions('putSwitch()', options);
    if (state !== 'on' && state !== 'off') {
      throw new OptionError(
        `putSwitch(): the state must be "on" or "off", not ${quote(String(state))}`,
      );
    }
    const shorthand = `${name}:${state}`;
    readPut(shorthand);
    return this.change(options, async (connection) => {
      const found = (await readRows(connection, this.prefix, 'experiment', [name])).get(name);
      const entry = found === undefined ? shorthand : entryOf(name, found.specification);
      return this.one(name, flipEntry(name, entry, state, options.audience, Date.now()), options);
    });
  }

  /** Removes an experiment. Does nothing if it does not exist. */
  async remove(name: string, options: StoreChangeOptions): Promise<StoreChange> {
    options = checkChangeOptions('remove()', options);
    return this.change(options, async () => this.one(name, undefined, options));
  }

  /** Removes the declared context, so that rules may use any name. */
  async removeContext(options: StoreChangeOptions): Promise<StoreChange> {
    options = checkChangeOptions('removeContext()', options);
    const context = [contextChange(undefined, options)];
    return this.change(options, async () => ({ experiments: [], context }));
  }

  /**
   * Writes an experiment as it was in an earlier version. This creates a new version. Rolling back
   * to a removal removes the experiment again.
   */
  async rollback(name: string, version: number, options: StoreChangeOptions): Promise<StoreChange> {
    options = checkChangeOptions('rollback()', options);
    return this.change(options, async (connection) => {
      const { rows } = await connection.query(
        `SELECT ${HISTORY_COLUMNS} FROM ${this.prefix}evenhand_history
        WHERE kind = 'experiment' AND name = $1 AND version::text = $2`,
        [name, String(version)],
      );
      const [row] = rows;
      if (row === undefined) {
        throw new OptionError(`the history has no version ${version} of experiment ${quote(name)}`);
      }
      return this.one(name, readHistoryEntry(row).specification, options);
    });
  }

  /** Returns the current experiments with their versions. */
  async list(): Promise<StoredSet> {
    const { prefix } = this;
    const rows = await this.read(
      `SELECT revision::text AS revision, ${STORED_COLUMNS}
      FROM ${prefix}evenhand_revision LEFT JOIN ${prefix}evenhand_experiments ON true
      ORDER BY name COLLATE "C"`,
    );
    return {
      revision: requiredNumber(rows[0], 'revision'),
      // Without experiments there is one row, which has only the revision.
      experiments: rows.filter((row) => textIn(row, 'name') !== null).map(readStored),
    };
  }

  /** Returns the changes, the latest first. */
  async history(options: HistoryOptions = {}): Promise<HistoryEntry[]> {
    const { name, limit, before } = historyOptions('history()', options);
    const rows = await this.read(
      `SELECT ${HISTORY_COLUMNS} FROM ${this.prefix}evenhand_history
      WHERE ($1::text IS NULL OR (kind = 'experiment' AND name = $1))
        AND ($2::bigint IS NULL OR evenhand_history.revision < $2)
      ORDER BY evenhand_history.revision DESC LIMIT $3`,
      [name, before, limit],
    );
    return rows.map(readHistoryEntry);
  }

  private one(
    name: string,
    specification: unknown,
    { expectedVersion, since }: StoreChangeOptions,
  ): RowChanges {
    return {
      experiments: [{ kind: 'experiment', name, specification, expectedVersion, since }],
    };
  }

  private async change(
    options: StoreChangeOptions,
    plan: (connection: PostgresQueryable) => Promise<RowChanges>,
  ): Promise<StoreChange> {
    const { prefix } = this;
    const { dryRun: dry = false } = options;
    return inTransaction(
      this.options,
      describingErrors('the change was rejected', async (connection) => {
        await lockWholeSet(connection, prefix);
        await signChanges(connection, options);
        const before = dry ? await readWholeSet(connection, prefix) : undefined;
        const { experiments, context = [] } = await plan(connection);
        const changes = [
          ...(await changeRows(connection, prefix, 'experiment', experiments)),
          ...(await changeRows(connection, prefix, 'context', context)),
        ];
        const isChanged = changes.some(({ action }) => action !== 'none');
        const after = isChanged ? await assertWholeSet(connection, prefix) : before;
        const { rows } = await connection.query(
          `SELECT revision::text AS revision FROM ${prefix}evenhand_revision`,
        );
        const revision = requiredNumber(rows[0], 'revision');
        return { revision, changes, ...(dry && { before, after }) };
      }),
      { dry },
    );
  }

  private async read(statement: string, values: unknown[] = []): Promise<readonly unknown[]> {
    return inTransaction(
      this.options,
      describingErrors("the experiments can't be read", async (connection) => {
        const { rows } = await connection.query(statement, values);
        return rows;
      }),
    );
  }
}

function contextChange(
  specification: unknown,
  { expectedVersion, since }: Pick<StoreChangeOptions, 'expectedVersion' | 'since'>,
): RowChange {
  return { kind: 'context', name: 'context', specification, expectedVersion, since };
}

/** Wraps errors of the database that `work` throws. */
function describingErrors<Result>(
  what: string,
  work: (connection: PostgresQueryable) => Promise<Result>,
): (connection: PostgresQueryable) => Promise<Result> {
  return async (connection) => {
    try {
      return await work(connection);
    } catch (error) {
      throw error instanceof EvenhandError ? error : storeError(what, error);
    }
  };
}
