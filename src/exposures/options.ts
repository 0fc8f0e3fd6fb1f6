import {
  checkOptions,
  checks,
  isObject,
  oneOf,
  type OptionCheck,
  type OptionChecks,
} from '../options/check-options.ts';
import { OptionError } from '../errors/usage-errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Drop } from './delivery/queue-settings.ts';
import type { Sink } from './delivery/sink.ts';

/** Options of `createExposures()`, and of `exposures` of `evenhand()` and `createClient()`. */
export interface ExposuresOptions {
  /** Where records go; several go in `sinks`. */
  sink?: Sink;
  /** Where records go: each sink gets all of them, and has a queue of its own. */
  sinks?: readonly Sink[];
  /** What the application calls itself: `service` in the records. @default none */
  service?: string;
  /** The context path of what the application calls the visit, `session.id`. @default none */
  session?: string;
  /** Context paths whose values are recorded: `['user.plan', 'country']`. @default [] */
  context?: readonly string[];
  /** How units are recorded: as they are, or as HMAC-SHA-256 with `secret`. @default 'plain' */
  privacy?: 'plain' | 'hash';
  /** The key for `privacy: 'hash'`: 16 characters or more. */
  secret?: string;
  /** How long, and of how many, it is known whom a variant has met. */
  once?: {
    /** Pairs of unit and variant, 1–10,000,000. @default 100,000 */
    maxEntries?: number;
    /** Milliseconds from 1 on. @default 24 hours */
    ttlMs?: number;
  };
  /** How much may wait for each sink; when that is reached, the oldest is dropped. */
  queue?: {
    /** 1–10,000,000. @default 100,000 */
    maxRecords?: number;
    /** About, as JSON; 10,000 or more. @default 64 MiB */
    maxBytes?: number;
  };
  /** When a batch is written: with so many records or bytes, or after so long. */
  batch?: {
    /** 1–100,000, and no more than the queue holds. @default 500 */
    maxRecords?: number;
    /** About, as JSON; 1 or more. @default 1 MiB */
    maxBytes?: number;
    /** 0 to an hour. @default 1000 */
    maxWaitMs?: number;
  };
  /** How a batch is tried again: exponential backoff with full jitter. */
  retry?: {
    /** The most to wait after the first failure, 1 to an hour. @default 200 */
    minDelayMs?: number;
    /** The most to wait after any, 1 to an hour. @default 30,000 */
    maxDelayMs?: number;
  };
  /** After that a write is aborted, 1 to an hour. @default 30,000 */
  writeTimeoutMs?: number;
  /** How long is waited for the sinks on closing, and when the process ends. @default 5000 */
  closeTimeoutMs?: number;
  /** Whether SIGTERM and SIGINT wait until all is written. @default true */
  drainOnSignals?: boolean;
  /** Told of records that a sink will never get. @default none */
  onDrop?: (drop: Drop) => void;
  /** Where warnings go; `false` for silence. @default the client's, or else console */
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

function wholeNumber(min: number, max: number): OptionCheck {
  return {
    expected: `a whole number from ${min} to ${max}`,
    accepts: (value) => Number.isInteger(value) && Number(value) >= min && Number(value) <= max,
  };
}

const milliseconds = wholeNumber(1, HOUR_MS);

const exposuresChecks: OptionChecks = new Map([
  ['sink', { expected: 'a sink: an object with a name and the method write()', accepts: isSink }],
  [
    'sinks',
    {
      expected: 'a list of sinks, each with a name and the method write()',
      accepts: (value) => Array.isArray(value) && value.every(isSink),
    },
  ],
  [
    'service',
    {
      expected: 'a text of 1–200 characters',
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
      expected: `a text of ${MIN_SECRET} characters or more`,
      accepts: (value) => typeof value === 'string' && value.length >= MIN_SECRET,
    },
  ],
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

/** What the options that are objects may hold. */
const GROUPS: ReadonlyMap<'once' | 'queue' | 'batch' | 'retry', OptionChecks> = new Map([
  [
    'once',
    new Map([
      ['maxEntries', wholeNumber(1, 10 * MILLION)],
      ['ttlMs', wholeNumber(1, Number.MAX_SAFE_INTEGER)],
    ]),
  ],
  [
    'queue',
    new Map([
      ['maxRecords', wholeNumber(1, 10 * MILLION)],
      ['maxBytes', wholeNumber(10_000, Number.MAX_SAFE_INTEGER)],
    ]),
  ],
  [
    'batch',
    new Map([
      ['maxRecords', wholeNumber(1, 100_000)],
      ['maxBytes', wholeNumber(1, Number.MAX_SAFE_INTEGER)],
      ['maxWaitMs', wholeNumber(0, HOUR_MS)],
    ]),
  ],
  [
    'retry',
    new Map([
      ['minDelayMs', milliseconds],
      ['maxDelayMs', milliseconds],
    ]),
  ],
]);

/** The options with their defaults filled in. */
export interface ExposuresSettings {
  readonly sinks: readonly Sink[];
  readonly service: string | undefined;
  readonly session: readonly string[] | undefined;
  readonly context: readonly string[];
  /** Undefined: units are recorded as they are. */
  readonly secret: string | undefined;
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
 * @param where what they were given to, for messages: `createExposures()`
 * @throws OptionError (`option`) for what can't be meant
 */
export function parseExposuresOptions(where: string, options: ExposuresOptions): ExposuresSettings {
  checkOptions(where, options, exposuresChecks);
  for (const [name, table] of GROUPS) {
    checkOptions(`${where}: option "${name}"`, options[name] ?? {}, table);
  }
  const { sink, sinks = [], privacy = 'plain', secret, once, queue, batch, retry } = options;
  const all = sink === undefined ? sinks : [sink, ...sinks];
  if (all.length === 0) {
    throw new OptionError(`${where}: records must go somewhere; name a "sink"`);
  }
  if (new Set(all).size < all.length) {
    throw new OptionError(`${where}: a sink is there twice, and would get everything twice`);
  }
  if ((privacy === 'hash') !== (secret !== undefined)) {
    throw new OptionError(`${where}: privacy "hash" needs a "secret", and a "secret" needs it`);
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

/** The settings of a client that has hooks and no sinks. */
export function settingsWithoutSinks(): ExposuresSettings {
  const sink: Sink = { name: 'none', write: async () => {} };
  return { ...parseExposuresOptions('hooks', { sink }), sinks: [] };
}
