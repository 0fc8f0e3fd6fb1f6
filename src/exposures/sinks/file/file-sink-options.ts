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

/** The file written to where no path is given, in the working directory. */
export const DEFAULT_PATH = 'exposures.ndjson';

/** Its owner writes, its group reads: units may be personal data. */
export const DEFAULT_MODE = 0o640;

const MAX_MODE = 0o777;

const DAY_MS = 24 * 60 * 60 * 1000;

/** When the file is put away under a name with the time, and a new one begun. */
export interface FileRotation {
  /**
   * Before a batch with which it would get larger than this, in bytes. A batch that is larger by
   * itself gets a file of its own.
   *
   * @default none
   */
  maxBytes?: number;
  /**
   * With the first batch of each period of so many ms, counted from 1970 in UTC: 3,600,000 for every
   * full hour.
   *
   * @default none
   */
  everyMs?: number;
  /**
   * With the first batch of each day, in UTC.
   *
   * @default false
   */
  daily?: boolean;
  /**
   * How many files that were put away are kept; the oldest are deleted.
   *
   * @default all of them
   */
  keep?: number;
}

/** Options of `fileSink()`. */
export interface FileSinkOptions {
  /**
   * The file; its directory is created. Relative to the working directory when the sink is made.
   *
   * @default 'exposures.ndjson'
   */
  path?: string;
  /**
   * Whether a batch counts as written when the operating system has it (`never`), where it outlives
   * the process, or when the disk has it (`batch`), where it outlives a power failure.
   *
   * @default 'never'
   */
  fsync?: 'never' | 'batch';
  /**
   * When the file is put away and a new one begun. Other programs may do so as well: before each
   * batch the sink looks whether the path still leads to the file it has open.
   *
   * @default never
   */
  rotate?: FileRotation;
  /**
   * Permissions of a file that is created, less the process's umask.
   *
   * @default 0o640
   */
  mode?: number;
  /**
   * Where is said that a torn line was mended, or that the file can't be put away; false for silence.
   *
   * @default console
   */
  logger?: Logger | false;
}

function aWholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): OptionCheck {
  const range = max === Number.MAX_SAFE_INTEGER ? `from ${min} on` : `from ${min} to ${max}`;
  return {
    expected: `a whole number ${range}`,
    accepts: (value) => Number.isSafeInteger(value) && Number(value) >= min && Number(value) <= max,
  };
}

const fileChecks: OptionChecks = new Map([
  [
    'path',
    {
      expected: 'the path of a file',
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
 * Checks the options of `fileSink()`.
 *
 * @throws OptionError (`option`) for one that can't be meant
 */
export function checkFileOptions(options: FileSinkOptions): void {
  checkOptions('fileSink()', options, fileChecks);
  if (options.rotate !== undefined) {
    checkOptions('fileSink(), option "rotate"', options.rotate, rotationChecks);
  }
}

/**
 * What `rotate` says, with its defaults; undefined where the file is never put away.
 *
 * @throws OptionError (`option`) for both `daily` and `everyMs`
 */
export function rotationOf(rotate: FileRotation | undefined): Rotation | undefined {
  if (rotate === undefined) return undefined;
  const { maxBytes = Number.POSITIVE_INFINITY, everyMs, daily = false } = rotate;
  if (daily && everyMs !== undefined) {
    throw new OptionError(
      'fileSink(), option "rotate": give either "daily" or "everyMs", not both',
    );
  }
  return {
    maxBytes,
    periodMs: daily ? DAY_MS : everyMs,
    keep: rotate.keep ?? Number.POSITIVE_INFINITY,
  };
}
