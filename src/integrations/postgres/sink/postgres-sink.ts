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
   * The name of your own table in that schema. It needs the columns `id` (uuid), `time`
   * (timestamptz), `record` (jsonb) and `original` (text), and a unique index on the `id`.
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
      expected: 'a table name of at most 63 bytes',
      // The rule for schemas holds for all names.
      accepts: (value: unknown) => postgresChecks.get('schema')?.accepts(value) === true,
    },
  ],
]);

/**
 * The classes of error codes that depend on the record, so that a retry would fail too: data
 * exceptions, violated constraints, exceeded limits, and errors raised by triggers of the table
 * ("PostgreSQL Error Codes", appendix A of its manual).
 */
const REFUSALS: ReadonlySet<string> = new Set(['22', '23', '54', 'P0']);

/**
 * Returns a sink that writes to the table `evenhand_records`, which `evenhand postgres migrate`
 * creates. A batch is one statement. A record whose id is in the table already is not written
 * again.
 *
 * Lost connections, a missing table, a full disk and similar failures are retried. If PostgreSQL
 * rejects a record itself, for example because of your own constraint, the other records of the
 * batch are written and the batch counts as dropped.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function postgresSink(options: PostgresSinkOptions): Sink {
  options = checkOptions('postgresSink()', options, sinkChecks);
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
        `PostgreSQL rejected ${refusals.length} of ${batch.length} records: ${reason}`,
        { cause: refusals[0], permanent: true },
      );
    },
  };
}

/** Returns a record as an item of the statement's JSON list. */
function encode(record: EventRecord): string {
  const { record: json, original } = toRow(record);
  const rest = original === undefined ? '' : `,"original":${JSON.stringify(original)}`;
  return `{"record":${json}${rest}}`;
}

/** Writes records in the form of {@link encode}. */
class Insertion {
  readonly #ask: Ask;
  readonly #statement: string;

  constructor(ask: Ask, table: string) {
    this.#ask = ask;
    // Sorted, because the table numbers records in the order of insertion.
    this.#statement = `INSERT INTO ${table} (id, time, record, original)
      SELECT (item -> 'record' ->> 'id')::uuid, (item -> 'record' ->> 'time')::timestamptz,
        item -> 'record', item ->> 'original'
      FROM jsonb_array_elements($1::jsonb) WITH ORDINALITY AS items (item, place)
      ORDER BY place
      ON CONFLICT DO NOTHING`;
  }

  /**
   * Writes all records that PostgreSQL accepts. If it rejects the list, each half is written
   * separately.
   *
   * @returns the errors of the rejected records
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
