import { checkOptions, type OptionChecks } from '../../../options/check-options.ts';
import type { EventRecord } from '../../../exposures/records/record.ts';
import type { Sink } from '../../../exposures/delivery/sink.ts';
import { SinkError } from '../../../exposures/sinks/sink-error.ts';
import { thrownMessage } from '../../../errors/thrown.ts';
import { adviceFor } from '../connection/advice.ts';
import { type Ask, askOnClient, askOnPool } from '../connection/ask.ts';
import {
  assertOneConnection,
  postgresChecks,
  type PostgresOptions,
  quoteName,
  schemaPrefix,
} from '../connection/connection.ts';
import { sqlStateOf } from '../connection/sql-state.ts';
import { toRow } from './jsonb-text.ts';

/** Options of `postgresSink()`. */
export type PostgresSinkOptions = PostgresOptions & {
  /**
   * A table of your own in that schema: with the columns `id` (uuid), `time` (timestamptz), `record`
   * (jsonb) and `original` (text), and with a unique index that has the `id`.
   *
   * @default 'evenhand_records'
   */
  table?: string;
};

const DEFAULT_TABLE = 'evenhand_records';

const sinkChecks: OptionChecks = new Map([
  ...postgresChecks,
  [
    'table',
    {
      expected: 'the name of a table, of at most 63 bytes',
      // One rule for all names.
      accepts: (value: unknown) => postgresChecks.get('schema')?.accepts(value) === true,
    },
  ],
]);

/**
 * Classes of codes by which PostgreSQL refuses a record for what it is, so that it would refuse it again:
 * data exceptions, violated constraints, exceeded limits, and what triggers of the table raise
 * ("PostgreSQL Error Codes", appendix A of its manual).
 */
const REFUSALS: ReadonlySet<string> = new Set(['22', '23', '54', 'P0']);

/**
 * A sink that writes to a table of PostgreSQL, `evenhand_records`, which `evenhand postgres migrate`
 * makes: a batch in one statement, a record that is there already (by its id) not again.
 *
 * Lost connections, a table that is not there, a full disk and the like are worth another try. A record
 * that PostgreSQL refuses for what it is, as a constraint of yours may, is left out, the others of its
 * batch are written, and then the batch counts as dropped.
 *
 * @throws OptionError (`option`) for options that can't be meant
 */
export function postgresSink(options: PostgresSinkOptions): Sink {
  checkOptions('postgresSink()', options, sinkChecks);
  assertOneConnection('postgresSink()', options);
  const ask = options.client === undefined ? askOnPool(options.pool) : askOnClient(options.client);
  const table = schemaPrefix(options) + quoteName(options.table ?? DEFAULT_TABLE);
  const insert = new Insertion(ask, table);
  return {
    name: 'postgres',
    async write(batch, { signal }) {
      signal.throwIfAborted();
      const refusals = await insert.write(batch.map(encode), signal);
      if (refusals.length === 0) return;
      const reason = thrownMessage(refusals[0]);
      throw new SinkError(
        `PostgreSQL refuses ${refusals.length} of ${batch.length} records: ${reason}`,
        { cause: refusals[0], permanent: true },
      );
    },
  };
}

/** A record as an item of the list that the statement takes. */
function encode(record: EventRecord): string {
  const { record: json, original } = toRow(record);
  const rest = original === undefined ? '' : `,"original":${JSON.stringify(original)}`;
  return `{"record":${json}${rest}}`;
}

/** Writes records as {@link encode} gives them. */
class Insertion {
  readonly #ask: Ask;
  readonly #statement: string;

  constructor(ask: Ask, table: string) {
    this.#ask = ask;
    // In their order: the table numbers them as they come.
    this.#statement = `INSERT INTO ${table} (id, time, record, original)
      SELECT (item -> 'record' ->> 'id')::uuid, (item -> 'record' ->> 'time')::timestamptz,
        item -> 'record', item ->> 'original'
      FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS items (item, place)
      ORDER BY place
      ON CONFLICT DO NOTHING`;
  }

  /**
   * Writes all that PostgreSQL does not refuse: where it refuses some, each half for itself.
   *
   * @returns why it refuses each of the others
   */
  async write(items: readonly string[], signal: AbortSignal): Promise<unknown[]> {
    if (items.length === 0) return [];
    try {
      await this.#ask(this.#statement, [`[${items.join(',')}]`], signal);
      return [];
    } catch (error) {
      signal.throwIfAborted();
      const state = sqlStateOf(error) ?? '';
      if (!REFUSALS.has(state.slice(0, 2))) {
        throw new SinkError(`PostgreSQL: ${thrownMessage(error)}${adviceFor(error)}`, {
          cause: error,
        });
      }
      if (items.length === 1) return [error];
    }
    const middle = Math.ceil(items.length / 2);
    const first = await this.write(items.slice(0, middle), signal);
    return [...first, ...(await this.write(items.slice(middle), signal))];
  }
}
