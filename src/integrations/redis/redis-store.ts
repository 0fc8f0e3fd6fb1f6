import { checkOptions, type OptionCheck, type OptionChecks } from '../../options/check-options.ts';
import { ConflictError, StoreError } from '../../errors/store-errors.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { showValue } from '../../errors/show-value.ts';
import { type OperatorSet, operatorsCheck } from '../../planout/operator-set.ts';
import { parseJson } from '../../json/parse.ts';
import { atOnce } from '../../runtime/steps.ts';
import { specificationSteps } from '../../specification/specification.ts';
import type { RedisClient } from './connection/clients.ts';
import { connectionOf } from './connection/connection-of.ts';
import { authorshipText, type RedisAuthorship } from './change-field.ts';
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

/** Options of `createRedisStore()`. */
export interface RedisStoreOptions extends RedisPlace {
  /** A connected client of the package `redis` or `ioredis`. */
  client: RedisClient;
  /**
   * The operators that scripts of namespaces may call besides PlanOut's own, from `registerOperators` of
   * `evenhand/planout`. The clients need the same option. @default none
   */
  operators?: OperatorSet | undefined;
}

/** The specification in Redis. */
export interface StoredSpecification {
  /** The specification as JSON, unchanged since it was written. */
  readonly text: string;
  readonly revision: number;
}

/** Options of a store's `put()`. */
export interface PutOptions extends RedisAuthorship {
  /**
   * The revision that the change is based on, or 0 if there must be none yet. If Redis has another
   * revision, nothing is written. @default any revision is replaced
   */
  expectedRevision?: number | undefined;
}

/** A store that writes the specification for `redisSource()`. */
export interface RedisStore {
  /**
   * Returns the stored specification; undefined if there is none.
   *
   * Rejects with StoreError (`store`) if Redis can't be reached or reports an error.
   */
  read(): Promise<StoredSpecification | undefined>;
  /**
   * Validates a specification, replaces the stored one and announces the change. Returns the new
   * revision.
   *
   * Rejects with SpecError (`json`, `spec`), ConflictError (`conflict`) or OptionError (`option`);
   * nothing is written then. If it rejects with StoreError (`store`), the connection may have
   * failed after the write; call `read()` to check.
   *
   * @param specification the content of `experiments.config.json`, as JSON text or as a value
   */
  put(specification: unknown, options?: PutOptions): Promise<number>;
}

const NOTHING = 'nothing';
const ANYTHING = 'anything';

/**
 * Compares, writes and announces in one atomic script. The revision is the server's time in
 * milliseconds, or the last revision plus one if that is larger. So it also increases when the
 * server has lost its data, and processes that know the old revision accept the new one. A revision
 * that readers would refuse is never written. The script
 * publishes first: if it has no right to publish, it fails before it writes. Listeners receive the
 * message after the script has ended.
 */
const PUT = `
local there = redis.call('HGET', KEYS[1], '${REVISION}') or '${NOTHING}'
if ARGV[1] ~= '${ANYTHING}' and ARGV[1] ~= there then return { 'conflict', there } end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local next = math.max(now, (tonumber(there) or -1) + 1)
if next > ${Number.MAX_SAFE_INTEGER} then return { 'full', there } end
local revision = string.format('%.0f', next)
redis.call('PUBLISH', ARGV[3], revision)
local change = revision .. ' ' .. string.format('%.0f', now) .. ' ' .. ARGV[4]
redis.call('HSET', KEYS[1],
  '${REVISION}', revision, '${SPECIFICATION}', ARGV[2], '${CHANGE}', change)
return { 'put', revision }
`;

/** The longest author or reason. */
const MAX_TEXT = 2000;

const aText: OptionCheck = {
  expected: `a string of at most ${MAX_TEXT} characters`,
  accepts: (value: unknown) => typeof value === 'string' && value.length <= MAX_TEXT,
};

const storeChecks: OptionChecks = new Map([...placeChecks, ['operators', operatorsCheck]]);

const putChecks: OptionChecks = new Map([
  ['author', aText],
  ['reason', aText],
  [
    'expectedRevision',
    {
      expected: 'a revision that the store has returned, or 0',
      accepts: (value: unknown) => Number.isSafeInteger(value) && Number(value) >= 0,
    },
  ],
]);

/**
 * Returns a store that writes the specification for `redisSource()`.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function createRedisStore(options: RedisStoreOptions): RedisStore {
  const {
    client,
    key = DEFAULT_KEY,
    channel = key,
    operators,
  } = checkOptions('createRedisStore()', options, storeChecks);
  const redis = connectionOf('createRedisStore()', client);
  return {
    read: () => read(redis, key),
    put: (specification, put = {}) => write(redis, { key, channel, operators }, specification, put),
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
  { key, channel, operators }: Required<RedisPlace> & Pick<RedisStoreOptions, 'operators'>,
  specification: unknown,
  options: PutOptions,
): Promise<number> {
  const { expectedRevision } = checkOptions('put()', options, putChecks);
  const text = toText(specification, operators);
  const condition = conditionOf(expectedRevision);
  let answer: string[];
  try {
    answer = await redis.whenConnected(() =>
      redis.run(PUT, key, [condition, text, channel, authorshipText(options)]),
    );
  } catch (error) {
    throw new StoreError(problemOf(originOf(key), error));
  }
  const [outcome, revision] = answer;
  if (outcome === 'put') return Number(revision);
  if (outcome === 'full') {
    throw new StoreError(
      `${originOf(key)}: no revision can follow ${revision}, the largest whole number that readers accept; write the specification under another key`,
    );
  }
  const actual = revision === NOTHING ? undefined : Number(revision);
  const expected = expectedRevision === 0 ? undefined : expectedRevision;
  throw new ConflictError(originOf(key), expected, actual);
}

function conditionOf(expectedRevision: number | undefined): string {
  if (expectedRevision === undefined) return ANYTHING;
  return expectedRevision === 0 ? NOTHING : String(expectedRevision);
}

/** Returns the specification as JSON; throws if a client could not load it. */
function toText(given: unknown, operators: OperatorSet | undefined): string {
  const origin = 'put()';
  const text = typeof given === 'string' ? given : stringify(given);
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) {
    throw new OptionError(`put(): the specification has ${bytes} bytes; the limit is ${MAX_BYTES}`);
  }
  atOnce(specificationSteps(parseJson(text, origin), { origin, text, operators }));
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
    `put(): the specification must be JSON text or a value that JSON can represent, not ${showValue(given)}`,
  );
}
