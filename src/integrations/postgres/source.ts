import { checkOptions, checks, type OptionCheck } from '../../options/check-options.ts';
import { SourceError } from '../../errors/store-errors.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { Delivery, LoadOptions, Source } from '../../sources/source.ts';
import { isBetween, milliseconds, MIN_INTERVAL_MS } from '../../sources/keeping/timing.ts';
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
import { listenOnClient, listenOnPool } from './connection/listen.ts';
import { requiredText, textIn } from './connection/row.ts';

/** Options of `postgresSource()`. */
export type PostgresSourceOptions = PostgresOptions & {
  /**
   * How often the database is asked while nobody listens, in milliseconds, [100, 86400000].
   * @default 1000
   */
  intervalMs?: number;
  /** How long an answer may take, in milliseconds, [1, 86400000]. @default 10000 */
  timeoutMs?: number;
  /**
   * Whether changes are listened for, on a connection of its own. Not on a hot standby, nor through a
   * pooler that lends connections for a transaction: neither hears notifications. @default true
   */
  listen?: boolean;
  /**
   * How often, while it listens, the database is asked all the same and the connection whether it is
   * alive, in milliseconds, [100, 86400000]. @default 30000, or `intervalMs` if that is longer
   */
  listeningIntervalMs?: number;
  /** How large the specification may be, in bytes, [1, 2^29]. @default 64 MiB */
  maxBytes?: number;
};

const DEFAULT_INTERVAL_MS = 1000;
const DEFAULT_TIMEOUT_MS = 10_000;

/** How often the database is asked while it is listened to: if a notification is lost, a change is late. */
const LISTENING_INTERVAL_MS = 30_000;

const MIB = 2 ** 20;
const DEFAULT_MAX_BYTES = 64 * MIB;
/** Beyond that a text is too long for JavaScript. */
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
 * A source of experiments in the tables that `migratePostgres()` makes. A change of any row is
 * announced by the database; what was missed while nobody could listen is caught up by its revision.
 * Needs SELECT on the tables only.
 *
 * @throws OptionError (`option`) for options that can't be meant
 */
export function postgresSource(options: PostgresSourceOptions): Source {
  checkOptions('postgresSource()', options, sourceChecks);
  assertOneConnection('postgresSource()', options);
  const { intervalMs = DEFAULT_INTERVAL_MS, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const { listen = true, maxBytes = DEFAULT_MAX_BYTES, pool, client } = options;
  const prefix = schemaPrefix(options);
  const document: DocumentOptions = {
    ask: pool === undefined ? askOnClient(client) : askOnPool(pool),
    statement: documentStatement(prefix),
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
    // The connection has been given back when the client is closed.
    close: async () => {
      await underWay?.catch(() => {});
    },
  };
}

/** Who listens holds a connection; what is loaded needs another. */
function assertRoom(pool: object | undefined): void {
  if (member(member(pool, 'options'), 'max') !== 1) return;
  throw new OptionError(
    'postgresSource(): a pool of one connection can listen or load, not both; give it two, or say listen: false',
  );
}

/** How the specification is asked for. */
interface DocumentOptions {
  readonly ask: Ask;
  readonly statement: string;
  readonly origin: string;
  readonly maxBytes: number;
}

/**
 * One statement, and so one state of the database. `$1` is the known revision: where it is still the
 * one, nothing else is read. `$2` is the largest size that is sent.
 */
function documentStatement(prefix: string): string {
  return `WITH now AS MATERIALIZED (
  SELECT revision::text AS revision,
    CASE WHEN revision::text = $1 THEN NULL ELSE ${prefix}evenhand_document() END AS document
  FROM ${prefix}evenhand_revision
)
SELECT revision, octet_length(document)::text AS bytes,
  CASE WHEN octet_length(document) <= $2::integer THEN document END AS document
FROM now`;
}

async function loadDocument(
  { ask, statement, origin, maxBytes }: DocumentOptions,
  { signal, known }: LoadOptions,
): Promise<Delivery> {
  const knownText = typeof known === 'number' ? String(known) : null;
  const { rows } = await ask(statement, [knownText, maxBytes], signal).catch((error: unknown) => {
    throw new SourceError(`${origin}: ${thrownMessage(error)}${adviceFor(error)}`, {
      cause: error,
    });
  });
  const [row] = rows;
  if (row === undefined) {
    throw new SourceError(`${origin}: the table evenhand_revision must have one row, and has none`);
  }
  const revision = requiredText(row, 'revision');
  const bytes = textIn(row, 'bytes');
  if (bytes === null) return { unchanged: true };
  const document = textIn(row, 'document');
  if (document === null) {
    throw new SourceError(
      `${origin}: ${bytes} bytes are more than the ${maxBytes} that the option maxBytes allows`,
    );
  }
  return {
    origin,
    data: JSON.parse(document),
    named: true,
    final: true,
    revision: Number(revision),
  };
}
