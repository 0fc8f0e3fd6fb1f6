import { checkOptions, type OptionChecks } from '../../options/check-options.ts';
import { SourceError } from '../../errors/store-errors.ts';
import { quote } from '../../errors/show-value.ts';
import type { Delivery, Source } from '../../sources/source.ts';
import { milliseconds } from '../../options/numbers.ts';
import { MIN_INTERVAL_MS } from '../../sources/keeping/timing.ts';
import type { Revision } from '../../specification/types.ts';
import type { RedisClient } from './connection/clients.ts';
import { connectionOf } from './connection/connection-of.ts';
import { listenTo } from './connection/listen.ts';
import { MAX_CHANGE_BYTES, notesIn } from './change-field.ts';
import {
  CHANGE,
  DEFAULT_KEY,
  MAX_BYTES,
  originOf,
  placeChecks,
  type RedisPlace,
  REVISION,
  SPECIFICATION,
} from './place.ts';
import { problemOf } from './connection/reason.ts';
import type { RedisConnection } from './connection/connection.ts';

/** Options of `redisSource()`. */
export interface RedisSourceOptions extends RedisPlace {
  /**
   * A client of the package `redis` or `ioredis`. The application connects and closes it. A
   * duplicate of it listens for changes.
   */
  client: RedisClient;
  /**
   * The polling interval without listening, in milliseconds, from 100 to 86400000. While the source
   * listens, it polls every 30 seconds, or at this interval if it is longer. @default 1000
   */
  intervalMs?: number;
  /** The longest time for an answer, in milliseconds, from 1 to 86400000. @default 5000 */
  timeoutMs?: number;
}

const DEFAULT_INTERVAL_MS = 1000;
const DEFAULT_TIMEOUT_MS = 5000;

/** The polling interval while the source listens, in milliseconds. */
const WATCHED_INTERVAL_MS = 30_000;

const sourceChecks: OptionChecks = new Map([
  ...placeChecks,
  ['intervalMs', milliseconds(MIN_INTERVAL_MS)],
  ['timeoutMs', milliseconds(1)],
]);

/**
 * Returns a source that reads experiments from Redis: from a hash with the specification and its
 * revision, as `createRedisStore()` writes it. A second connection listens on a channel for
 * changes. Changes missed while it was down are found by their revision.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function redisSource(options: RedisSourceOptions): Source {
  options = checkOptions('redisSource()', options, sourceChecks);
  const { client, key = DEFAULT_KEY, channel = key } = options;
  const { intervalMs = DEFAULT_INTERVAL_MS, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const redis = connectionOf('redisSource()', client);
  return {
    name: 'redis',
    intervalMs,
    watchedIntervalMs: Math.max(intervalMs, WATCHED_INTERVAL_MS),
    timeoutMs,
    load: async ({ signal, known }) => {
      try {
        return await redis.whenConnected(() => deliver(redis, key, known), signal);
      } catch (error) {
        if (error instanceof SourceError) throw error;
        throw new SourceError(problemOf(originOf(key), error));
      }
    },
    watch: (changed, { signal }) => listenTo(redis, channel, { changed, signal, timeoutMs }),
  };
}

async function deliver(
  redis: RedisConnection,
  key: string,
  known: Revision | undefined,
): Promise<Delivery> {
  const origin = originOf(key);
  const [there, bytes] = await Promise.all([
    redis.hashField(key, REVISION),
    redis.hashFieldBytes(key, SPECIFICATION),
  ]);
  if (there === undefined && bytes === 0) throw missing(origin, key);
  if (known !== undefined && known === toRevision(origin, there)) return { unchanged: true };
  if (bytes > MAX_BYTES) {
    throw new SourceError(
      `${origin}: the field "specification" has ${bytes} bytes; the limit is ${MAX_BYTES}`,
    );
  }
  // Without a note, the change still comes into force.
  const isNoted = (await redis.hashFieldBytes(key, CHANGE)) <= MAX_CHANGE_BYTES;
  const fields = isNoted ? [REVISION, SPECIFICATION, CHANGE] : [REVISION, SPECIFICATION];
  // Read again together, because a change may have come between the two reads.
  const [field, text, change] = await redis.hashFields(key, fields);
  if (text === undefined) throw missing(origin, key);
  const revision = toRevision(origin, field);
  return { text, origin, revision, changes: notesIn(change, revision) };
}

function missing(origin: string, key: string): SourceError {
  const where = key === DEFAULT_KEY ? '' : `, key: ${quote(key)}`;
  return new SourceError(
    `${origin}: there are no experiments; write them with createRedisStore({ client${where} }).put(…)`,
  );
}

/** @throws SourceError (`source`) for an invalid revision */
function toRevision(origin: string, text: string | undefined): number {
  const revision = text === undefined || text === '' ? Number.NaN : Number(text);
  if (Number.isSafeInteger(revision) && revision >= 0) return revision;
  const found = text === undefined ? 'is missing' : `is ${quote(text)}`;
  throw new SourceError(
    `${origin}: the field "revision" ${found}; it must be a whole number that increases with each change`,
  );
}
