import { AnalysisError } from '../../../errors/analysis-error.ts';
import { quote, quotePath } from '../../../errors/show-value.ts';
import { thrownMessage } from '../../../errors/thrown.ts';
import {
  type Engine,
  EXPOSURE_COLUMNS,
  OUTCOME_COLUMNS,
  type RecordSources,
  type UnreadableLines,
} from '../../engine.ts';
import { statementError } from '../statement-error.ts';
import { columnTables } from './column-table.ts';
import {
  checkedDuckdbOptions,
  type DuckdbEngineOptions,
  MAX_LINE_BYTES,
} from './duckdb-options.ts';
import { DuckdbSession } from './duckdb-session.ts';
import {
  exposuresOf,
  fileList,
  ndjsonTable,
  outcomesOf,
  recordsOf,
  type RecordTable,
  unreadableOf,
} from './line-selects.ts';
import { exactPattern, findRecordFiles, formatOf, type RecordFiles } from './record-files.ts';
import { findUnreadableLine, isCutOff } from './unreadable-line.ts';

/** The views of the records of files. */
const FILE_SOURCES: RecordSources = {
  exposures: { sql: 'SELECT * FROM evenhand_exposures', columns: EXPOSURE_COLUMNS },
  outcomes: { sql: 'SELECT * FROM evenhand_outcomes', columns: OUTCOME_COLUMNS },
};

/** The view of both, which reads lines once. Columns are read faster by the two views. */
const LINE_SOURCES: RecordSources = {
  ...FILE_SOURCES,
  combined: {
    sql: 'SELECT * FROM evenhand_records',
    columns: [...new Set([...EXPOSURE_COLUMNS, ...OUTCOME_COLUMNS])],
  },
};

/** The longest time for counting unreadable lines, in milliseconds. */
const COUNT_MS = 600_000;

/** DuckDB reads lines up to its buffer's size, which is twice the limit. */
const LARGER = 2;

/** Names of stored tables, which are part of SQL. */
const TABLE_NAME = /^[a-z][a-z0-9_]{0,62}$/;

/**
 * Returns an engine that reads files with DuckDB in this process. Nothing is opened before the first
 * statement. The application installs the package `@duckdb/node-api`.
 *
 * Statements can only read. Those over `records` reach these files and no others; no statement loads an
 * extension or reads the network.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function duckdbEngine(
  options: DuckdbEngineOptions,
): Engine & Required<Pick<Engine, 'sources' | 'store' | 'drop' | 'unreadable' | 'close'>> {
  return new DuckdbEngine(checkedDuckdbOptions(options));
}

class DuckdbEngine {
  readonly dialect = 'duckdb';
  readonly sources: RecordSources;
  readonly query: Engine['query'];
  readonly store: NonNullable<Engine['store']>;
  readonly drop: NonNullable<Engine['drop']>;
  readonly unreadable: NonNullable<Engine['unreadable']>;
  readonly #options: DuckdbEngineOptions;
  readonly #maxLineBytes: number;
  #opened: Promise<DuckdbSession> | undefined;
  #files: readonly RecordFiles[] = [];

  constructor(options: DuckdbEngineOptions) {
    this.#options = options;
    this.#maxLineBytes = options.maxLineBytes ?? MAX_LINE_BYTES;
    this.sources = sourcesOf(options);
    this.query = async (sql, queryOptions) => {
      const session = await this.#session();
      return session.select(sql, queryOptions).catch((error) => this.#explained(error));
    };
    this.store = async (name, select, queryOptions) => {
      const table = tableName(name);
      const session = await this.#session();
      await session.store(table, select, queryOptions).catch((error) => this.#explained(error));
    };
    this.drop = async (names) => {
      const tables = names.map(tableName);
      const session = await this.#opened;
      if (tables.length > 0) await session?.drop(tables);
    };
    this.unreadable = () => this.#countUnreadable();
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    const session = await opened?.catch(() => undefined);
    await session?.close();
  }

  #session(): Promise<DuckdbSession> {
    return (this.#opened ??= this.#open());
  }

  async #open(): Promise<DuckdbSession> {
    const session = await DuckdbSession.open(this.#options);
    try {
      const { records } = this.#options;
      if (records !== undefined) await this.#createViews(session, [records].flat());
      const names = this.#files.flatMap(({ files }) => files);
      // DuckDB compares with the pattern as well as with the name.
      const files = [...new Set([...names, ...names.map(exactPattern)])];
      await session.lock(records === undefined ? undefined : files);
      return session;
    } catch (error) {
      await session.close();
      return this.#explained(statementError('DuckDB', error, ''));
    }
  }

  async #createViews(session: DuckdbSession, patterns: readonly string[]): Promise<void> {
    const { connection } = session;
    this.#files = await findRecordFiles(connection, patterns);
    const tables: RecordTable[] = [];
    for (const group of this.#files) {
      if (group.format !== 'ndjson') tables.push(...(await columnTables(connection, group)));
      else tables.push(this.#ndjson(group.files));
    }
    const union = (selectOf: (table: RecordTable) => string) =>
      tables.map(selectOf).join(' UNION ALL ');
    await connection.run(`CREATE TEMP VIEW evenhand_exposures AS ${union(exposuresOf)}`);
    await connection.run(`CREATE TEMP VIEW evenhand_outcomes AS ${union(outcomesOf)}`);
    await connection.run(`CREATE TEMP VIEW evenhand_records AS ${union(recordsOf)}`);
    await connection.run(`CREATE TEMP VIEW evenhand_unreadable AS ${union(unreadableOf)}`);
  }

  #ndjson(files: readonly string[]): RecordTable {
    return ndjsonTable(fileList(files.map(exactPattern)), this.#maxLineBytes);
  }

  async #countUnreadable(): Promise<readonly UnreadableLines[]> {
    const session = await this.#opened;
    if (session === undefined) return [];
    // Counting again is cheap for columns; the lines of NDJSON are read twice only if needed.
    const hasColumns = this.#files.some(({ format }) => format !== 'ndjson');
    if (!hasColumns && session.unreadable.size === 0) return [];
    const rows = await session.select('SELECT file, lines FROM evenhand_unreadable ORDER BY file', {
      timeoutMs: COUNT_MS,
    });
    const found: UnreadableLines[] = [];
    for (const row of rows) {
      const file = String(row['file']);
      const line =
        formatOf(file) === 'ndjson'
          ? await findUnreadableLine(file, LARGER * this.#maxLineBytes)
          : undefined;
      found.push({
        file,
        lines: Number(row['lines']),
        ...(line !== undefined && { first: line.number }),
        ...((await isCutOff(file)) && { isCut: true as const }),
      });
    }
    return found;
  }

  /** Throws an error again; of a line that is too long, with its number. */
  async #explained(error: unknown): Promise<never> {
    const file = /"?maximum_object_size"?.*while reading file "([^"]+)"/s.exec(
      thrownMessage(error),
    )?.[1];
    if (file === undefined) throw error;
    const line = await findUnreadableLine(file, this.#maxLineBytes, true);
    const where = line === undefined ? 'a line' : `line ${line.number}`;
    throw new AnalysisError(
      `${where} of ${quotePath(file)} is longer than ${this.#maxLineBytes} bytes; remove it, or raise "maxLineBytes"`,
      { cause: error },
    );
  }
}

function sourcesOf({ records, sources }: DuckdbEngineOptions): RecordSources {
  if (sources !== undefined) return sources;
  const hasLines = [records ?? []].flat().some((path) => formatOf(path) === 'ndjson');
  return hasLines ? LINE_SOURCES : FILE_SOURCES;
}

/** Returns a name that can be part of SQL. */
function tableName(name: string): string {
  if (TABLE_NAME.test(name)) return name;
  throw new AnalysisError(`${quote(name)} is not a table name`);
}
