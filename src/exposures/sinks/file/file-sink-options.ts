import {
  checkOptions,
  checks,
  oneOf,
  type OptionCheck,
  type OptionChecks,
} from '../../../options/check-options.ts';
import { OptionError } from '../../../errors/usage-errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { Rotation } from './rotation.ts';

/** The default path, relative to the working directory. */
export const DEFAULT_PATH = 'exposures.ndjson';

/**
 * The owner writes and the group reads; others have no access, because units may be personal data.
 */
export const DEFAULT_MODE = 0o640;

const MAX_MODE = 0o777;

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The conditions under which the file is renamed, with the time in its new name, and a new one is
 * started.
 */
export interface FileRotation {
  /**
   * The size, in bytes, that the file must not exceed: it is rotated before a batch that would
   * exceed it. A batch that is larger by itself gets its own file.
   *
   * @default none
   */
  maxBytes?: number;
  /**
   * The length of a period, in milliseconds, counted from 1970 in UTC: the file is rotated before
   * the first batch of each period. 3,600,000 rotates at every full hour.
   *
   * @default none
   */
  everyMs?: number;
  /**
   * Rotates the file before the first batch of each day, in UTC.
   *
   * @default false
   */
  daily?: boolean;
  /**
   * The number of rotated files that are kept; older ones are deleted.
   *
   * @default all of them
   */
  keep?: number;
}

/** Options of `fileSink()`. */
export interface FileSinkOptions {
  /**
   * The path of the file; its directory is created. A relative path is resolved when the sink is
   * created.
   *
   * @default 'exposures.ndjson'
   */
  path?: string;
  /**
   * The moment from which a batch counts as written. With `never` the operating system has it, so
   * it survives the end of the process. With `batch` the disk has it, so it survives a power
   * failure.
   *
   * @default 'never'
   */
  fsync?: 'never' | 'batch';
  /**
   * The conditions under which the file is rotated. Other programs may rotate it too: before each
   * batch the sink checks if the path still leads to the open file.
   *
   * @default never
   */
  rotate?: FileRotation;
  /**
   * The permissions of a created file, reduced by the process's umask.
   *
   * @default 0o640
   */
  mode?: number;
  /**
   * The logger of warnings about repaired lines and failed rotation; `false` turns logging off.
   *
   * @default console
   */
  logger?: Logger | false;
}

function aWholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): OptionCheck {
  const range = max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`;
  return {
    expected: `a whole number ${range}`,
    accepts: (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
  };
}

const fileChecks: OptionChecks = new Map([
  [
    'path',
    {
      expected: 'a file path',
      accepts: (value) => typeof value === 'string' && value !== '' && !value.includes('\0'),
    },
  ],
  ['fsync', oneOf('never', 'batch')],
  ['rotate', checks.anObject],
  ['mode', aWholeNumber(0, MAX_MODE)],
  [
    'logger',
    {
      expected: 'a logger with warn and error, or false',
      accepts: (value) => value === false || (typeof value === 'object' && value !== null),
    },
  ],
]);

const rotationChecks: OptionChecks = new Map([
  ['maxBytes', aWholeNumber(1)],
  ['everyMs', aWholeNumber(1)],
  ['daily', checks.aBoolean],
  ['keep', aWholeNumber(0)],
]);

/**
 * Checks the options of `fileSink()`, and returns a copy with its own options only.
 *
 * @throws OptionError (`option`) for an invalid one
 */
export function checkFileOptions(options: FileSinkOptions): FileSinkOptions {
  const own = checkOptions('fileSink()', options, fileChecks);
  if (own.rotate === undefined) return own;
  const rotate = checkOptions('fileSink(), option "rotate"', own.rotate, rotationChecks);
  return Object.assign(own, { rotate });
}

/**
 * Returns `rotate` with its defaults; undefined if the file is never rotated.
 *
 * @throws OptionError (`option`) if both `daily` and `everyMs` are set
 */
export function rotationOf(rotate: FileRotation | undefined): Rotation | undefined {
  if (rotate === undefined) return undefined;
  const { maxBytes = Number.POSITIVE_INFINITY, everyMs, daily = false } = rotate;
  if (daily && everyMs !== undefined) {
    throw new OptionError(
      'fileSink(), option "rotate": "daily" and "everyMs" exclude each other; set one of them',
    );
  }
  return {
    maxBytes,
    periodMs: daily ? DAY_MS : everyMs,
    keep: rotate.keep ?? Number.POSITIVE_INFINITY,
  };
}
