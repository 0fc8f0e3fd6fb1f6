/** The dialects of SQL that statements are written in. */
export const DIALECTS = [
  'duckdb',
  'postgres',
  'clickhouse',
  'spark',
  'trino',
  'bigquery',
  'snowflake',
] as const;

/** `spark` is also Databricks' dialect, and `trino` Athena's. */
export type Dialect = (typeof DIALECTS)[number];

/** A row of a statement's result: values by column. Numbers may come as numbers, bigints or texts. */
export type EngineRow = Readonly<Record<string, unknown>>;

/** Options of one statement. */
export interface QueryOptions {
  /** Ends the statement when it is aborted. */
  readonly signal?: AbortSignal;
  /** The longest time that the statement may take, in milliseconds. */
  readonly timeoutMs?: number;
  /** Reports the share of the work that is done, 0 to 1. An engine need not call it. */
  readonly onProgress?: (share: number) => void;
}

/**
 * A SELECT that delivers exposures or outcomes.
 *
 * Columns of exposures: `unit` (text), `at` (a time with zone), `variant` (text), and as available `id`,
 * `experiment`, `checksum`, `identity` (text), `overridden`, `sticky`, `cut` (boolean), `audience` (integer),
 * `context` (JSON object).
 *
 * Columns of outcomes: `unit`, `at`, `name`, and as available `id`, `identity`, `properties` (JSON object).
 * A further column is used for the property or context path of the same name.
 */
export interface RecordSelect {
  readonly sql: string;
  /** The columns besides the three required ones. */
  readonly columns: readonly string[];
}

/** The columns of Evenhand's own exposures besides `unit`, `at` and `variant`. */
export const EXPOSURE_COLUMNS = [
  'id',
  'experiment',
  'checksum',
  'identity',
  'overridden',
  'sticky',
  'cut',
  'audience',
  'context',
] as const;

/** The columns of Evenhand's own outcomes besides `unit`, `at` and `name`. */
export const OUTCOME_COLUMNS = ['id', 'identity', 'properties'] as const;

/** The origin of the records of an analysis. */
export interface RecordSources {
  readonly exposures: RecordSelect;
  readonly outcomes: RecordSelect;
  /**
   * Both in one SELECT, for records that would otherwise be read twice: the columns of both, and `is_exposure`
   * (boolean).
   */
  readonly combined?: RecordSelect;
}

/** A database that runs read-only statements for an analysis. */
export interface Engine {
  readonly dialect: Dialect;
  /**
   * Runs one statement and returns its rows.
   *
   * @throws any error; `analyze()` turns it into an `AnalysisError`
   */
  query(sql: string, options?: QueryOptions): Promise<readonly EngineRow[]>;
  /** The records; absent if they are passed to `analyze()`. */
  readonly sources?: RecordSources;
  /**
   * Stores the rows of a SELECT under a name, so that several statements can use them, until they are dropped
   * or the engine is closed. An analysis with a time line then reads the records once. An engine has both
   * `store` and `drop`, or none: each statement of an analysis then reads the records.
   */
  readonly store?: (name: string, select: string, options?: QueryOptions) => Promise<void>;
  /** Removes stored rows by their names; those that are not stored are ignored. */
  readonly drop?: (names: readonly string[]) => Promise<void>;
  /** Counts of lines of files that could not be read, after a statement; absent if nothing is read from files. */
  readonly unreadable?: () => Promise<readonly UnreadableLines[]>;
  /** Ends everything that the engine itself has opened. */
  close?(): Promise<void>;
}

/** Lines of a file that are not records. */
export interface UnreadableLines {
  readonly file: string;
  readonly lines: number;
  /** The number of the first such line, from 1. */
  readonly first?: number;
  /** True if the file ends in the middle of its compressed data. */
  readonly isCut?: true;
}
