import { isObject, oneOf, type OptionChecks } from '../options/check-options.ts';
import { milliseconds } from '../sources/keeping/timing.ts';

/** Options about a source that is down, late or silent. */
export interface LiveOptions {
  /**
   * A file that the last good specification is kept in, and read from where the source can't deliver
   * at the start; its directory must be there. @default none
   */
  cacheFile?: string;
  /**
   * What is decided by where the source can't deliver at the start and there is no cache file: a path
   * or `file:` URL, or a specification. @default none
   */
  bootstrap?: string | URL | object;
  /**
   * What requests do before the first load: `wait` for it, no longer than `startTimeoutMs`; or, with
   * `fallback`, go on at once without experiments: no variant, nothing on or off. It is logged once.
   *
   * @default 'wait'
   */
  startWithout?: 'wait' | 'fallback';
  /**
   * How long requests wait for the first load, counted from when the client is made, in milliseconds,
   * [0, 86400000]; then cache file or `bootstrap` stand in, or requests fail. @default 2000
   */
  startTimeoutMs?: number;
  /**
   * After how long without a confirmation by the source what is in force counts as stale, in
   * milliseconds, [100, 86400000]. @default three times the source's interval, at least a minute
   */
  staleAfterMs?: number;
}

/** How long requests wait where nothing is said, in milliseconds. */
export const DEFAULT_START_TIMEOUT_MS = 2000;

const MIN_STALE_MS = 100;

/** What these options may be. */
export const liveChecks: OptionChecks = new Map([
  [
    'cacheFile',
    { expected: 'a path', accepts: (value) => typeof value === 'string' && value !== '' },
  ],
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
]);
