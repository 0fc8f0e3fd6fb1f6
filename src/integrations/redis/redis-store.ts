import { checkOptions, type OptionChecks } from '../../options/check-options.ts';
import { ConflictError, StoreError } from '../../errors/store-errors.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { showValue } from '../../errors/show-value.ts';
import { parseJson } from '../../json/parse.ts';
import { atOnce } from '../../runtime/steps.ts';
import { specificationSteps } from '../../specification/specification.ts';
import type { RedisClient } from './connection/clients.ts';
import { connectionOf } from './connection/connection-of.ts';
import {
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

/** Options of `createRedisStore()`. */
export interface RedisStoreOptions extends RedisPlace {
  /** A connected client of the package `redis` or `ioredis`. */
  client: RedisClient;
}

/** What is in Redis. */
export interface StoredSpecification {
  /** JSON, as it was put there. */
  readonly text: string;
  readonly revision: number;
}

/** Options of a store's `put()`. */
export interface PutOptions {
  /**
   * The revision that the change was made on, or 0 where nothing must be there yet: where another one
   * is there, nothing is written. @default whatever is there is replaced
   */
  expectedRevision?: number | undefined;
}

/** Where the specification that `redisSource()` reads is written. */
export interface RedisStore {
  /**
   * What is there; undefined where nothing is.
   *
   * Rejects with StoreError (`store`) where Redis can't be asked.
   */
  read(): Promise<StoredSpecification | undefined>;
  /**
   * Validates a specification, puts it there whole, and announces it; gives its revision. Nothing is
   * written where this rejects with SpecError (`json`, `spec`), ConflictError (`conflict`) or OptionError
   * (`option`). With StoreError (`store`) it may have been, where the connection failed: read it again.
   *
   * @param specification what `experiments.config.json` holds: JSON as a text, or the value
   */
  put(specification: unknown, options?: PutOptions): Promise<number>;
}

const NOTHING = 'nothing';
const ANYTHING = 'anything';

/**
 * Compares, writes and announces as one: nobody comes in between. The revision is the time by the
 * server's clock, in milliseconds, or one more than the last: so it also grows when the server has lost
 * what it held, and processes that still know the old revision take the new one. Announced first, as a
 * script that may not publish must not have written; it is heard when the script has ended.
 */
const PUT = `
local there = redis.call('HGET', KEYS[1], '${REVISION}') or '${NOTHING}'
if ARGV[1] ~= '${ANYTHING}' and ARGV[1] ~= there then return { 'conflict', there } end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local revision = string.format('%.0f', math.max(now, (tonumber(there) or -1) + 1))
redis.call('PUBLISH', ARGV[3], revision)
redis.call('HSET', KEYS[1], '${REVISION}', revision, '${SPECIFICATION}', ARGV[2])
return { 'put', revision }
`;

const putChecks: OptionChecks = new Map([
  [
    'expectedRevision',
    {
      expected: 'a revision that the store has given, or 0',
      accepts: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0,
    },
  ],
]);

/**
 * Writes the specification that `redisSource()` reads.
 *
 * @throws OptionError (`option`) for options that can't be meant
 */
export function createRedisStore(options: RedisStoreOptions): RedisStore {
  checkOptions('createRedisStore()', options, placeChecks);
  const { client, key = DEFAULT_KEY, channel = key } = options;
  const redis = connectionOf('createRedisStore()', client);
  return {
    read: () => read(redis, key),
    put: (specification, put = {}) => write(redis, { key, channel }, specification, put),
  };
}

async function read(redis: RedisConnection, key: string): Promise<StoredSpecification | undefined> {
  try {
    const [revision, text] = await redis.whenConnected(() =>
      redis.hashFields(key, [REVISION, SPECIFICATION]),
    );
    return text === undefined ? undefined : { text, revision: Number(revision) };
  } catch (error) {
    throw new StoreError(problemOf(originOf(key), error));
  }
}

async function write(
  redis: RedisConnection,
  { key, channel }: Required<RedisPlace>,
  specification: unknown,
  options: PutOptions,
): Promise<number> {
  checkOptions('put()', options, putChecks);
  const { expectedRevision } = options;
  const text = toText(specification);
  const condition = conditionOf(expectedRevision);
  let answer: string[];
  try {
    answer = await redis.whenConnected(() => redis.run(PUT, key, [condition, text, channel]));
  } catch (error) {
    throw new StoreError(problemOf(originOf(key), error));
  }
  const [outcome, revision] = answer;
  if (outcome === 'put') return Number(revision);
  const actual = revision === NOTHING ? undefined : Number(revision);
  const expected = expectedRevision === 0 ? undefined : expectedRevision;
  throw new ConflictError(originOf(key), expected, actual);
}

function conditionOf(expectedRevision: number | undefined): string {
  if (expectedRevision === undefined) return ANYTHING;
  return expectedRevision === 0 ? NOTHING : String(expectedRevision);
}

/** The specification as JSON; throws where it is none that a client would take. */
function toText(given: unknown): string {
  const origin = 'put()';
  const text = typeof given === 'string' ? given : stringify(given);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) {
    throw new OptionError(`put(): the specification has ${bytes} bytes; ${MAX_BYTES} are the most`);
  }
  atOnce(specificationSteps(parseJson(text, origin), { origin, text }));
  return text;
}

function stringify(given: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(given);
  } catch {
    // Cyclic, or a big integer.
  }
  if (text !== undefined) return text;
  throw new OptionError(
    `put() takes a specification: JSON as a text, or the value, not ${showValue(given)}`,
  );
}
