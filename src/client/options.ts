import {
  type AssignmentPolicy,
  assignmentChecks,
  type AssignmentOptions,
  createPolicy,
  type OnError,
} from '../assignment/policy.ts';
import {
  observingChecks,
  type ObservingOptions,
  type ObservingSettings,
} from '../exposures/observing-options.ts';
import {
  checks,
  isObject,
  oneOf,
  type OptionCheck,
  type OptionChecks,
} from '../options/check-options.ts';
import { type Logger, safeLogger } from '../runtime/logger.ts';
import { settingsSource } from '../sources/file/settings-source.ts';
import type { OperatorSet } from '../planout/operator-set.ts';
import { milliseconds } from '../options/numbers.ts';
import { isSource, type Source } from '../sources/source.ts';

/** Options for a source that is down, late or silent. */
export interface LiveOptions {
  /**
   * Path of a file in which the client keeps the last valid specification. The client reads the file
   * if the source can't deliver at the start. The directory must exist. @default none
   */
  cacheFile?: string;
  /**
   * The specification to start with if the source can't deliver and there is no cache file: a path, a
   * `file:` URL, or the specification itself. @default none
   */
  bootstrap?: string | URL | object;
  /**
   * The behaviour of requests before the first load. With `wait` they wait for it, no longer than
   * `startTimeoutMs`. With `fallback` they continue at once without experiments: variants are
   * undefined, nothing is on or off. This is logged once.
   *
   * @default 'wait'
   */
  startWithout?: 'wait' | 'fallback';
  /**
   * The longest time that requests wait for the first load, counted from the creation of the client, in
   * milliseconds, [0, 86400000]. Then the cache file or `bootstrap` replaces the source, or requests
   * fail. @default 2000
   */
  startTimeoutMs?: number;
  /**
   * The time without a confirmation by the source after which its experiments count as stale, in
   * milliseconds, [100, 86400000]. @default three times the source's interval, at least a minute
   */
  staleAfterMs?: number;
  /**
   * Accepts a delivery without experiments in place of experiments. By default, the client refuses it and
   * keeps the previous experiments, because it is more likely a new database or a wrong address. A first
   * delivery, a file, and a specification in memory may always be empty. @default false
   */
  allowEmpty?: boolean;
}

/** Options of `createClient()`. */
export interface ClientOptions extends AssignmentOptions, LiveOptions, ObservingOptions {
  /**
   * The source of the experiments: the path or `file:` URL of a JSON file, a specification in memory (a
   * list of experiments or an object with `experiments`), or a source such as `httpSource()`.
   *
   * @default 'experiments.config.json' in the working directory
   */
  source?: string | URL | object;
  /**
   * Path of a file in which the client records the names and types of contexts, never their values, for
   * `npx evenhand context --from`. The first 1,000 contexts that decisions read are recorded, and then
   * one in 100. The directory must exist. @default none
   */
  recordContextShape?: string;
}

/** The options of a client for loading and deciding, with their defaults. */
export interface ClientSettings {
  readonly source: Source;
  readonly policy: AssignmentPolicy;
  /** The custom operators of scripts; undefined for none. */
  readonly operators: OperatorSet | undefined;
  /** Does not throw. */
  readonly logger: Logger;
  /** The path of the file for names and types of contexts. */
  readonly recordContextShape: string | undefined;
  /** Undefined without the options `cacheFile` and `bootstrap`. */
  readonly standIns: StandInSettings | undefined;
  readonly startWithout: 'wait' | 'fallback';
  readonly startTimeoutMs: number;
  /** Undefined: three times the source's interval, at least a minute. */
  readonly staleAfterMs: number | undefined;
  /** True if a delivery without experiments may replace some. */
  readonly allowEmpty: boolean;
}

/** The options for a source that can't deliver at the start. */
export interface StandInSettings {
  readonly cacheFile: string | undefined;
  readonly bootstrap: string | URL | object | undefined;
}

/** The options of a client, split by concern. */
export interface SplitOptions {
  readonly client: ClientSettings;
  /** Undefined without the options `exposures` and `hooks`: nothing is recorded. */
  readonly observing: ObservingSettings | undefined;
}

const DEFAULT_START_TIMEOUT_MS = 2000;
const MIN_STALE_MS = 100;

const aPath: OptionCheck = {
  expected: 'a path',
  accepts: (value) => typeof value === 'string' && value !== '',
};

/** The values that the options of {@link LiveOptions} accept. */
export const liveChecks: OptionChecks = new Map([
  ['cacheFile', aPath],
  [
    'bootstrap',
    {
      expected: 'a path, a file: URL or a specification (a list or an object)',
      accepts: (value) => typeof value === 'string' || Array.isArray(value) || isObject(value),
    },
  ],
  ['startWithout', oneOf('wait', 'fallback')],
  ['startTimeoutMs', milliseconds(0)],
  ['staleAfterMs', milliseconds(MIN_STALE_MS)],
  ['allowEmpty', checks.aBoolean],
]);

/** The values that the options of `createClient()` accept. */
export const clientChecks: OptionChecks = new Map([
  [
    'source',
    {
      expected: 'a path, a file: URL, a specification (a list or an object) or a source',
      accepts: (value) =>
        typeof value === 'string' || (typeof value === 'object' && value !== null),
    },
  ],
  ...assignmentChecks,
  ...liveChecks,
  ...observingChecks,
  ['recordContextShape', aPath],
]);

/**
 * Splits the checked options of a client by concern and fills in the defaults.
 *
 * @param defaultOnError the default of the option `onError`
 * @param keepsSticky false if nothing keeps the variants of sticky experiments
 * @throws OptionError (`option`) if the source is an invalid URL
 */
export function splitClientOptions(
  options: ClientOptions,
  defaultOnError: OnError = 'throw',
  keepsSticky = true,
): SplitOptions {
  const { logger, cacheFile, bootstrap, exposures, hooks } = options;
  const source = isSource(options.source) ? options.source : settingsSource(options.source);
  return {
    client: {
      source,
      policy: createPolicy(options, defaultOnError, keepsSticky),
      operators: options.operators,
      logger: safeLogger(logger),
      recordContextShape: options.recordContextShape,
      standIns:
        cacheFile === undefined && bootstrap === undefined ? undefined : { cacheFile, bootstrap },
      startWithout: options.startWithout ?? 'wait',
      startTimeoutMs: options.startTimeoutMs ?? DEFAULT_START_TIMEOUT_MS,
      staleAfterMs: options.staleAfterMs,
      allowEmpty: options.allowEmpty === true || source.local === true,
    },
    observing:
      exposures === undefined && hooks === undefined ? undefined : { exposures, hooks, logger },
  };
}
