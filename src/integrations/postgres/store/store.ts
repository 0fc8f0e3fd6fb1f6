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
import { requiredText, textIn } from '../connection/row.ts';
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

/** What a change did. */
export interface StoreChange {
  /** Of the whole set, after it. */
  readonly revision: number;
  /** What became of each experiment, in the order they were given; last the context. */
  readonly changes: readonly ChangedRow[];
  /** With `dryRun` only: the whole set before, as `experiments.config.json` would hold it. */
  readonly before?: unknown;
  /** With `dryRun` only: what it would be after. */
  readonly after?: unknown;
}

/** What is in force. */
export interface StoredSet {
  /** For `since`. */
  readonly revision: number;
  /** In the order of their names. */
  readonly experiments: readonly StoredExperiment[];
}

/** What changes are made of, under the lock. */
interface RowChanges {
  readonly experiments: readonly RowChange[];
  readonly context?: readonly RowChange[];
}

/**
 * The experiments in a database, for who writes them. Each change is one transaction: it is validated
 * together with all else that would be in force, and recorded with its author, before it commits. Writers
 * wait for each other.
 *
 * @throws OptionError (`option`) for options that can't be meant
 */
export function createPostgresStore(options: PostgresOptions): PostgresStore {
  checkOptions('createPostgresStore()', options, postgresChecks);
  assertOneConnection('createPostgresStore()', options);
  return new PostgresStore(options);
}

/**
 * What {@link createPostgresStore} makes. All methods reject with OptionError (`option`) for what can't be
 * meant and StoreError (`store`) where the database refuses; those that change something also with
 * SpecError (`spec`) where the set would be bad, and ConflictError (`conflict`) where it is not what the
 * change was meant for. Nothing has changed then.
 */
export class PostgresStore {
  private readonly options: PostgresOptions;
  private readonly prefix: string;

  /** @param options checked */
  constructor(options: PostgresOptions) {
    this.options = options;
    this.prefix = schemaPrefix(options);
  }

  /**
   * Puts experiments, all or none, new ones or in place of those of the same names; others stay.
   *
   * @param specification what `experiments.config.json` may hold: a list of experiments, or an object
   *   with `experiments` and `context`; or one experiment, also as the shorthand `"name:on"`
   */
  async put(specification: unknown, options: StoreChangeOptions): Promise<StoreChange> {
    checkChangeOptions('put()', options);
    const { experiments, context } = readPut(specification);
    const { expectedVersion, since } = options;
    if (expectedVersion !== undefined && experiments.length > 1) {
      throw new OptionError('put(): expectedVersion is for one experiment; for several use since');
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

  /** Turns a switch on or off; where there is none of this name, it is made. */
  async putSwitch(
    name: string,
    state: SwitchState,
    options: PutSwitchOptions,
  ): Promise<StoreChange> {
    checkSwitchOptions('putSwitch()', options);
    if (state !== 'on' && state !== 'off') {
      throw new OptionError(`putSwitch(): a switch is "on" or "off", not ${quote(String(state))}`);
    }
    const shorthand = `${name}:${state}`;
    readPut(shorthand);
    return this.change(options, async (connection) => {
      const found = (await readRows(connection, this.prefix, 'experiment', [name])).get(name);
      const entry = found === undefined ? shorthand : entryOf(name, found.specification);
      return this.one(name, flipEntry(name, entry, state, options.audience), options);
    });
  }

  /** Removes an experiment. Where there is none of this name, nothing is done. */
  async remove(name: string, options: StoreChangeOptions): Promise<StoreChange> {
    checkChangeOptions('remove()', options);
    return this.change(options, async () => this.one(name, undefined, options));
  }

  /** Removes the declared context: rules may then use any name. */
  async removeContext(options: StoreChangeOptions): Promise<StoreChange> {
    checkChangeOptions('removeContext()', options);
    const context = [contextChange(undefined, options)];
    return this.change(options, async () => ({ experiments: [], context }));
  }

  /**
   * Puts an experiment as it was in an earlier version, which makes a new one; a version in which it was
   * removed removes it again.
   */
  async rollback(name: string, version: number, options: StoreChangeOptions): Promise<StoreChange> {
    checkChangeOptions('rollback()', options);
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

  /** What is in force now, with the versions that changes can be bound to. */
  async list(): Promise<StoredSet> {
    const { prefix } = this;
    const rows = await this.read(
      `SELECT revision::text AS revision, ${STORED_COLUMNS}
      FROM ${prefix}evenhand_revision LEFT JOIN ${prefix}evenhand_experiments ON true
      ORDER BY name COLLATE "C"`,
    );
    return {
      revision: Number(requiredText(rows[0], 'revision')),
      // Where there are no experiments, there is one row with nothing but the revision.
      experiments: rows.filter((row) => textIn(row, 'name') !== null).map(readStored),
    };
  }

  /** What was changed, the latest first. */
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
      refusing('the change is refused', async (connection) => {
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
        const revision = Number(requiredText(rows[0], 'revision'));
        return { revision, changes, ...(dry && { before, after }) };
      }),
      { dry },
    );
  }

  private async read(statement: string, values: unknown[] = []): Promise<readonly unknown[]> {
    return inTransaction(
      this.options,
      refusing('the database does not answer', async (connection) => {
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

/** What the database throws, as an error of ours. */
function refusing<Result>(
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
