import type { Request } from 'express';
import {
  checkOptions,
  checks,
  isObject,
  oneOf,
  type OptionChecks,
} from '../options/check-options.ts';
import { wholeNumber } from '../options/numbers.ts';
import { OptionError } from '../errors/usage-errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Drop } from './delivery/queue-settings.ts';
import type { Sink } from './delivery/sink.ts';

/** Options of `createExposures()`, and of `exposures` of `evenhand()` and `createClient()`. */
export interface ExposuresOptions {
  /** The destination of records; use `sinks` for several. */
  sink?: Sink;
  /** The destinations of records: each sink receives every record and has its own queue. */
  sinks?: readonly Sink[];
  /** The application's name, written to records as `service`. @default none */
  service?: string;
  /** The context path of the session's id, such as `session.id`. @default none */
  session?: string;
  /** The context paths whose values are recorded: `['user.plan', 'country']`. @default [] */
  context?: readonly string[];
  /**
   * The form of recorded units: unchanged, or as HMAC-SHA-256 keyed with `secret`. @default 'plain'
   */
  privacy?: 'plain' | 'hash';
  /** The key for `privacy: 'hash'`; at least 16 characters. */
  secret?: string;
  /**
   * Returns `true` for a request whose response no person sees, such as a bot's: its exposures are not
   * recorded. `HEAD`, prefetch and prerender requests are left out without it. Called at most once for
   * a request of the middleware, and only if there is an exposure. Must be synchronous; if it throws or
   * returns anything but `true`, the exposure is recorded. @default none
   */
  ignore?: (req: Request) => boolean;
  /** Deduplication: how many exposures are remembered, and for how long. */
  once?: {
    /** The number of remembered pairs of unit and variant, 1–10,000,000. @default 100,000 */
    maxEntries?: number;
    /** The time that a pair is remembered, in milliseconds, at least 1. @default 24 hours */
    ttlMs?: number;
  };
  /** The size of each sink's queue; when it is full, the oldest record is dropped. */
  queue?: {
    /** The number of records, 1–10,000,000. @default 100,000 */
    maxRecords?: number;
    /** The approximate size as JSON, in bytes, at least 10,000. @default 64 MiB */
    maxBytes?: number;
  };
  /** The batch limits: a batch is written when it reaches one of them. */
  batch?: {
    /** The number of records, 1–100,000 and at most `queue.maxRecords`. @default 500 */
    maxRecords?: number;
    /** The approximate size as JSON, in bytes, at least 1. @default 1 MiB */
    maxBytes?: number;
    /** The age of the oldest record, in milliseconds, from 0 to an hour. @default 1000 */
    maxWaitMs?: number;
  };
  /** The delay before a failed batch is retried: exponential backoff with full jitter. */
  retry?: {
    /**
     * The longest delay after the first failure, in milliseconds, from 1 to an hour. @default 200
     */
    minDelayMs?: number;
    /** The longest delay after any failure, in milliseconds, from 1 to an hour. @default 30,000 */
    maxDelayMs?: number;
  };
  /**
   * The time after which a write is aborted, in milliseconds, from 1 to an hour. @default 30,000
   */
  writeTimeoutMs?: number;
  /**
   * The time to write the rest on closing and when the process ends, in milliseconds. @default 5000
   */
  closeTimeoutMs?: number;
  /** True if signals that end the process wait until everything is written. @default true */
  drainOnSignals?: boolean;
  /** Called with records that will never be delivered to a sink. @default none */
  onDrop?: (drop: Drop) => void;
  /**
   * The logger of warnings and errors; `false` turns logging off. @default the client's logger, or
   * console
   */
  logger?: Logger | false;
}

const HOUR_MS = 3_600_000;
const MILLION = 1_000_000;
const MIN_SECRET = 16;

/** A dotted path in the context. */
const PATH = /^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/;

function isSink(value: unknown): boolean {
  return isObject(value) && typeof value.name === 'string' && checks.aFunction.accepts(value.write);
}

function isPath(value: unknown): boolean {
  return typeof value === 'string' && PATH.test(value);
}

const milliseconds = wholeNumber(1, HOUR_MS);

const exposuresChecks: OptionChecks = new Map([
  ['sink', { expected: 'a sink: an object with a name and a write() method', accepts: isSink }],
  [
    'sinks',
    {
      expected: 'a list of sinks, each with a name and a write() method',
      accepts: (value) => Array.isArray(value) && value.every(isSink),
    },
  ],
  [
    'service',
    {
      expected: 'a string of 1–200 characters',
      accepts: (value) => typeof value === 'string' && value !== '' && value.length <= 200,
    },
  ],
  ['session', { expected: 'a context path, such as "session.id"', accepts: isPath }],
  [
    'context',
    {
      expected: 'a list of up to 50 context paths, such as "user.plan"',
      accepts: (value) => Array.isArray(value) && value.length <= 50 && value.every(isPath),
    },
  ],
  ['privacy', oneOf('plain', 'hash')],
  [
    'secret',
    {
      expected: `a string of at least ${MIN_SECRET} characters`,
      accepts: (value) => typeof value === 'string' && value.length >= MIN_SECRET,
    },
  ],
  ['ignore', checks.aFunction],
  ['once', checks.anObject],
  ['queue', checks.anObject],
  ['batch', checks.anObject],
  ['retry', checks.anObject],
  ['writeTimeoutMs', milliseconds],
  ['closeTimeoutMs', milliseconds],
  ['drainOnSignals', checks.aBoolean],
  ['onDrop', checks.aFunction],
  [
    'logger',
    {
      expected: 'an object with the methods warn and error, or false',
      accepts: (value) => value === false || isObject(value),
    },
  ],
]);

const onceChecks: OptionChecks = new Map([
  ['maxEntries', wholeNumber(1, 10 * MILLION)],
  ['ttlMs', wholeNumber(1, Number.MAX_SAFE_INTEGER)],
]);

const queueChecks: OptionChecks = new Map([
  ['maxRecords', wholeNumber(1, 10 * MILLION)],
  ['maxBytes', wholeNumber(10_000, Number.MAX_SAFE_INTEGER)],
]);

const batchChecks: OptionChecks = new Map([
  ['maxRecords', wholeNumber(1, 100_000)],
  ['maxBytes', wholeNumber(1, Number.MAX_SAFE_INTEGER)],
  ['maxWaitMs', wholeNumber(0, HOUR_MS)],
]);

const retryChecks: OptionChecks = new Map([
  ['minDelayMs', milliseconds],
  ['maxDelayMs', milliseconds],
]);

/** The options with their defaults filled in. */
export interface ExposuresSettings {
  readonly sinks: readonly Sink[];
  readonly service: string | undefined;
  readonly session: readonly string[] | undefined;
  readonly context: readonly string[];
  /** The key of the hashes; undefined if units are recorded unchanged. */
  readonly secret: string | undefined;
  readonly ignore: ((req: Request) => boolean) | undefined;
  readonly maxEntries: number;
  readonly ttlMs: number;
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly batchRecords: number;
  readonly batchBytes: number;
  readonly batchWaitMs: number;
  readonly retry: { readonly minDelayMs: number; readonly maxDelayMs: number };
  readonly writeTimeoutMs: number;
  readonly closeTimeoutMs: number;
  readonly drainOnSignals: boolean;
  readonly onDrop: ((drop: Drop) => void) | undefined;
  readonly logger: Logger | false | undefined;
}

/**
 * Checks the options and fills in the defaults.
 *
 * @param where the function that received the options, for messages: `createExposures()`
 * @throws OptionError (`option`) for invalid options
 */
export function parseExposuresOptions(where: string, options: ExposuresOptions): ExposuresSettings {
  options = checkOptions(where, options, exposuresChecks);
  const group = <Group extends object>(
    name: string,
    given: Group | undefined,
    table: OptionChecks,
  ) => given && checkOptions(`${where}: option "${name}"`, given, table);
  const once = group('once', options.once, onceChecks);
  const queue = group('queue', options.queue, queueChecks);
  const batch = group('batch', options.batch, batchChecks);
  const retry = group('retry', options.retry, retryChecks);
  const { sink, sinks = [], privacy = 'plain', secret } = options;
  const all = sink === undefined ? sinks : [sink, ...sinks];
  if (all.length === 0) {
    throw new OptionError(`${where}: there is no sink to write records to; set "sink" or "sinks"`);
  }
  if (new Set(all).size < all.length) {
    throw new OptionError(
      `${where}: the same sink is listed twice and would receive every record twice; list it once`,
    );
  }
  if ((privacy === 'hash') !== (secret !== undefined)) {
    throw new OptionError(
      `${where}: privacy "hash" and "secret" belong together; set both or neither`,
    );
  }
  const maxRecords = queue?.maxRecords ?? 100_000;
  const maxBytes = queue?.maxBytes ?? 64 * 1024 * 1024;
  const minDelayMs = retry?.minDelayMs ?? 200;
  return {
    sinks: all,
    service: options.service,
    session: options.session?.split('.'),
    context: options.context ?? [],
    secret,
    ignore: options.ignore,
    maxEntries: once?.maxEntries ?? 100_000,
    ttlMs: once?.ttlMs ?? 24 * HOUR_MS,
    maxRecords,
    maxBytes,
    batchRecords: Math.min(batch?.maxRecords ?? 500, maxRecords),
    batchBytes: Math.min(batch?.maxBytes ?? 1024 * 1024, maxBytes),
    batchWaitMs: batch?.maxWaitMs ?? 1000,
    retry: { minDelayMs, maxDelayMs: Math.max(minDelayMs, retry?.maxDelayMs ?? 30_000) },
    writeTimeoutMs: options.writeTimeoutMs ?? 30_000,
    closeTimeoutMs: options.closeTimeoutMs ?? 5000,
    drainOnSignals: options.drainOnSignals ?? true,
    onDrop: options.onDrop,
    logger: options.logger,
  };
}

/** Returns the settings of a client that has hooks but no sinks. */
export function settingsWithoutSinks(): ExposuresSettings {
  const sink: Sink = { name: 'none', write: async () => {} };
  return { ...parseExposuresOptions('hooks', { sink }), sinks: [] };
}
