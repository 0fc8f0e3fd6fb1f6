import { checkOptions, checks, type OptionCheck } from '../../options/check-options.ts';
import { SourceError } from '../../errors/store-errors.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { Delivery, LoadOptions, Source } from '../../sources/source.ts';
import { isBetween, milliseconds } from '../../options/numbers.ts';
import { MIN_INTERVAL_MS } from '../../sources/keeping/timing.ts';
import { parseSteps } from '../../json/parse.ts';
import { inSlices } from '../../runtime/in-slices.ts';
import { member } from '../../json/own.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { adviceFor } from './connection/advice.ts';
import { type Ask, askOnClient, askOnPool } from './connection/ask.ts';
import {
  assertOneConnection,
  postgresChecks,
  type PostgresOptions,
  schemaPrefix,
} from './connection/connection.ts';
import { documentStatement, mayReadHistory, notesIn } from './document-statement.ts';
import { listenOnClient, listenOnPool } from './connection/listen.ts';
import { sqlStateOf } from './connection/sql-state.ts';
import { requiredText, textIn } from './connection/row.ts';

/** Options of `postgresSource()`. */
export type PostgresSourceOptions = PostgresOptions & {
  /**
   * The polling interval without listening, in milliseconds, from 100 to 86400000.
   * @default 1000
   */
  intervalMs?: number;
  /** The longest time for an answer, in milliseconds, from 1 to 86400000. @default 10000 */
  timeoutMs?: number;
  /**
   * Listens for changes on a dedicated connection. Set it to false for a hot standby, or for a
   * pooler in transaction mode, because neither receives notifications. @default true
   */
  listen?: boolean;
  /**
   * The polling interval while the source listens, which also tests if the connection is alive; in
   * milliseconds, from 100 to 86400000. @default 30000, or `intervalMs` if that is longer
   */
  listeningIntervalMs?: number;
  /** The largest size of the specification, in bytes, from 1 to 2^29. @default 64 MiB */
  maxBytes?: number;
};

const DEFAULT_INTERVAL_MS = 1000;
const DEFAULT_TIMEOUT_MS = 10_000;

/**
 * The default polling interval while listening: the longest delay of a change if its notification
 * is lost.
 */
const LISTENING_INTERVAL_MS = 30_000;

/** PostgreSQL's code for a missing right. */
const NO_RIGHT = '42501';

const MIB = 2 ** 20;
const DEFAULT_MAX_BYTES = 64 * MIB;
/** The longest string of JavaScript. */
const MAX_MAX_BYTES = 2 ** 29;

const sourceChecks = new Map<string, OptionCheck>([
  ...postgresChecks,
  ['intervalMs', milliseconds(MIN_INTERVAL_MS)],
  ['timeoutMs', milliseconds(1)],
  ['listen', checks.aBoolean],
  ['listeningIntervalMs', milliseconds(MIN_INTERVAL_MS)],
  [
    'maxBytes',
    {
      expected: 'a whole number of bytes from 1 to 2^29',
      accepts: (value) => Number.isInteger(value) && isBetween(value, 1, MAX_MAX_BYTES),
    },
  ],
]);

/**
 * Returns a source that reads experiments from the tables that `migratePostgres()` creates. The
 * database notifies the source of each change. Changes missed while the connection was down are
 * found by their revision. The source only needs SELECT on the tables.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function postgresSource(options: PostgresSourceOptions): Source {
  options = checkOptions('postgresSource()', options, sourceChecks);
  assertOneConnection('postgresSource()', options);
  const { intervalMs = DEFAULT_INTERVAL_MS, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { listen = true, maxBytes = DEFAULT_MAX_BYTES, pool, client } = options;
  const prefix = schemaPrefix(options);
  const document: DocumentOptions = {
    ask: pool === undefined ? askOnClient(client) : askOnPool(pool),
    prefix,
    withRemovals: false,
    origin: `PostgreSQL, ${prefix}evenhand_experiments`,
    maxBytes,
  };
  const source: Source = {
    name: 'postgres',
    intervalMs,
    timeoutMs,
    load: (load) => loadDocument(document, load),
  };
  if (!listen) return source;
  assertRoom(pool);
  const { listeningIntervalMs: watchedIntervalMs = Math.max(intervalMs, LISTENING_INTERVAL_MS) } =
    options;
  const times = { aliveMs: watchedIntervalMs, timeoutMs };
  const listening = pool === undefined ? listenOnClient(client, times) : listenOnPool(pool, times);
  let underWay: Promise<void> | undefined;
  return {
    ...source,
    watchedIntervalMs,
    watch: (changed, { signal }) => {
      underWay = listening(changed, signal);
      return underWay;
    },
    // Waits until the listening connection has been released.
    close: async () => {
      await underWay?.catch(() => {});
    },
  };
}

/** Checks that a pool has two connections: listening keeps one, and loading needs another. */
function assertRoom(pool: object | undefined): void {
  if (member(member(pool, 'options'), 'max') !== 1) return;
  throw new OptionError(
    'postgresSource(): a pool of one connection cannot both listen and load; set its "max" to 2 or more, or set listen: false',
  );
}

/** Options of {@link loadDocument}. */
interface DocumentOptions {
  readonly ask: Ask;
  /** The beginning of the tables' names. */
  readonly prefix: string;
  /** True if the role may read the history; a load finds out for the next one. */
  withRemovals: boolean;
  readonly origin: string;
  readonly maxBytes: number;
}

async function loadDocument(
  options: DocumentOptions,
  { signal, known }: LoadOptions,
): Promise<Delivery> {
  const { ask, origin, maxBytes, prefix } = options;
  const statement = documentStatement(prefix, options.withRemovals);
  const knownText = typeof known === 'number' ? String(known) : null;
  const { rows } = await ask(statement, [knownText, maxBytes], signal).catch((error: unknown) => {
    // The right to read the history was taken away; the next load does without it.
    if (sqlStateOf(error) === NO_RIGHT) options.withRemovals = false;
    throw new SourceError(`${origin}: ${thrownMessage(error)}${adviceFor(error)}`, {
      cause: error,
    });
  });
  const [row] = rows;
  if (row === undefined) {
    throw new SourceError(
      `${origin}: the table evenhand_revision is empty, but must have one row; restore it from a backup`,
    );
  }
  const revision = requiredText(row, 'revision');
  const bytes = textIn(row, 'bytes');
  if (bytes === null) return { unchanged: true };
  const document = textIn(row, 'document');
  if (document === null) {
    throw new SourceError(
      `${origin}: the specification has ${bytes} bytes, but the option maxBytes allows ${maxBytes}; raise it`,
    );
  }
  options.withRemovals = mayReadHistory(row);
  const { data } = await inSlices(parseSteps(document, origin), signal);
  return {
    origin,
    changes: notesIn(row),
    data,
    named: true,
    final: true,
    revision: Number(revision),
  };
}
