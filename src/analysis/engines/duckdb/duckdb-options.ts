import { OptionError } from '../../../errors/usage-errors.ts';
import {
  checkOptions,
  type OptionCheck,
  type OptionChecks,
} from '../../../options/check-options.ts';
import type { RecordSources } from '../../engine.ts';
import { recordSourcesCheck } from '../select-checks.ts';

/** Options of `duckdbEngine()`. */
export interface DuckdbEngineOptions {
  /**
   * The files with the records: paths and globs such as `logs/exposures*.ndjson`, `*.ndjson.gz`, `*.parquet`
   * or `*.csv`. The ending tells the format: `.parquet`, `.csv`, or otherwise a JSON object in each line.
   */
  readonly records?: string | readonly string[];
  /** Instead of `records`: the SELECTs of your exposures and outcomes, over files or the tables of `database`. */
  readonly sources?: RecordSources;
  /** The path of a DuckDB database with your tables; it is opened for reading. @default none */
  readonly database?: string;
  /** The most memory that DuckDB uses, such as `2GB`. More data go to `tempDirectory`. @default 80% */
  readonly memoryLimit?: string;
  /** The number of threads. @default the number of processors */
  readonly threads?: number;
  /** The folder for data that don't fit into memory. @default a folder of its own among the system's */
  readonly tempDirectory?: string;
  /** The longest line of a file, in bytes. DuckDB reserves a multiple of it. @default 16,777,216 */
  readonly maxLineBytes?: number;
  /** The folder of the project that has the package `@duckdb/node-api`. @default Evenhand's own */
  readonly packageFolder?: string;
}

/** The default of `maxLineBytes`, which is DuckDB's. No sink of Evenhand writes lines this long. */
export const MAX_LINE_BYTES = 16_777_216;

/** The largest `maxLineBytes`. */
const MOST_LINE_BYTES = 1_073_741_824;

const MAX_THREADS = 1024;

const path: OptionCheck = {
  expected: 'a path',
  accepts: (value) => typeof value === 'string' && value !== '' && !value.includes('\0'),
};

const duckdbChecks: OptionChecks = new Map<string, OptionCheck>([
  [
    'records',
    {
      expected: 'a path, a glob such as "exposures*.ndjson", or a list of them',
      accepts: (value) =>
        path.accepts(value) ||
        (Array.isArray(value) && value.length > 0 && value.every(path.accepts)),
    },
  ],
  ['sources', recordSourcesCheck],
  ['database', path],
  [
    'memoryLimit',
    {
      expected: 'an amount of memory, such as "2GB"',
      accepts: (value) =>
        typeof value === 'string' && /^[0-9]{1,9}(\.[0-9]{1,3})? ?[KMGT]i?B$/i.test(value),
    },
  ],
  ['threads', wholeNumber(1, MAX_THREADS)],
  ['tempDirectory', path],
  ['maxLineBytes', wholeNumber(1024, MOST_LINE_BYTES)],
  ['packageFolder', path],
]);

function wholeNumber(least: number, most: number): OptionCheck {
  return {
    expected: `a whole number from ${least} to ${most}`,
    accepts: (value) => Number.isInteger(value) && Number(value) >= least && Number(value) <= most,
  };
}

/**
 * Returns the options after their checks.
 *
 * @throws OptionError (`option`) for invalid options, or if there is not one origin of the records
 */
export function checkedDuckdbOptions(options: DuckdbEngineOptions): DuckdbEngineOptions {
  const own = checkOptions('duckdbEngine()', options, duckdbChecks);
  const { records, sources } = own;
  if ((records === undefined) === (sources === undefined)) {
    throw new OptionError('duckdbEngine(): set either "records" or "sources"');
  }
  return own;
}
