import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnalysisError } from '../../../errors/analysis-error.ts';
import { bounded } from '../bounded.ts';
import type { EngineRow, QueryOptions } from '../../engine.ts';
import { duckdb } from '../../sql/dialects/duckdb.ts';
import { statementError } from '../statement-error.ts';
import {
  type DuckdbConnection,
  type DuckdbInstance,
  type DuckdbPackage,
  type DuckdbRows,
  type DuckdbVector,
  loadDuckdb,
} from './duckdb-package.ts';
import type { DuckdbEngineOptions } from './duckdb-options.ts';
import { NOTE_UNREADABLE } from './line-selects.ts';

/** The interval between two reports of progress, in milliseconds. */
const PROGRESS_MS = 200;

/** The interval between two interrupts, in milliseconds. DuckDB forgets one that comes while it plans. */
const INTERRUPT_MS = 20;

/** An open database, which runs one statement after the other. */
export class DuckdbSession {
  /** The files in which some statement met an unreadable line. */
  readonly unreadable: ReadonlySet<string>;
  readonly connection: DuckdbConnection;
  readonly #package: DuckdbPackage;
  readonly #instance: DuckdbInstance;
  readonly #ownFolder: string | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    duckdb: DuckdbPackage,
    instance: DuckdbInstance,
    connection: DuckdbConnection,
    ownFolder: string | undefined,
  ) {
    this.#package = duckdb;
    this.#instance = instance;
    this.connection = connection;
    this.#ownFolder = ownFolder;
    this.unreadable = noteUnreadable(duckdb, connection);
  }

  /**
   * Opens a database in memory, or the user's for reading.
   *
   * Rejects with AnalysisError (`analysis`) if the package is missing or the database can't be opened.
   */
  static async open(options: DuckdbEngineOptions): Promise<DuckdbSession> {
    const duckdb = loadDuckdb(options.packageFolder);
    const { database = ':memory:' } = options;
    const name = `evenhand-duckdb-${process.pid}-${randomBytes(8).toString('hex')}`;
    const ownFolder = options.tempDirectory === undefined ? join(tmpdir(), name) : undefined;
    try {
      const instance = await duckdb.DuckDBInstance.create(database, {
        temp_directory: options.tempDirectory ?? ownFolder ?? '',
        // Statements read files, never the network.
        autoinstall_known_extensions: 'false',
        autoload_known_extensions: 'false',
        allow_community_extensions: 'false',
        // Sorting would cost memory; all results are groups.
        preserve_insertion_order: 'false',
        ...(options.database !== undefined && { access_mode: 'READ_ONLY' }),
        ...(options.memoryLimit !== undefined && { memory_limit: options.memoryLimit }),
        ...(options.threads !== undefined && { threads: String(options.threads) }),
      });
      const connection = await instance.connect();
      await connection.run("SET TimeZone = 'UTC'");
      await connection.run('SET enable_progress_bar = true');
      await connection.run('SET enable_progress_bar_print = false');
      return new DuckdbSession(duckdb, instance, connection, ownFolder);
    } catch (error) {
      throw statementError('DuckDB', error, '');
    }
  }

  /**
   * Refuses further changes of settings.
   *
   * @param files the only files that statements can read from now on; undefined: any file
   */
  async lock(files: readonly string[] | undefined): Promise<void> {
    if (files !== undefined) {
      await this.connection.run(`SET allowed_paths = [${files.map(duckdb.text).join(', ')}]`);
      await this.connection.run('SET enable_external_access = false');
    }
    await this.connection.run('SET lock_configuration = true');
  }

  /** Runs a SELECT. Rejects with AnalysisError (`analysis`) for any other statement. */
  select(sql: string, options: QueryOptions = {}): Promise<readonly EngineRow[]> {
    return this.#run(sql, options, async () => {
      const statement = await this.#prepare(sql);
      try {
        return plainRows(await statement.runAndReadAll());
      } finally {
        statement.destroySync();
      }
    });
  }

  /** Stores the rows of a SELECT in a temporary table. */
  store(table: string, sql: string, options: QueryOptions = {}): Promise<void> {
    return this.#run(sql, options, async () => {
      (await this.#prepare(sql)).destroySync();
      await this.connection.run(`CREATE OR REPLACE TEMP TABLE ${table} AS ${sql}`);
    });
  }

  /** Removes temporary tables that exist. */
  drop(tables: readonly string[]): Promise<void> {
    const sql = tables.map((table) => `DROP TABLE IF EXISTS temp.${table};`).join(' ');
    return this.#run(sql, {}, async () => {
      await this.connection.run(sql);
    });
  }

  /** Closes the database after the last statement, and removes its temporary files. */
  async close(): Promise<void> {
    await this.#last.catch(() => {});
    this.connection.closeSync();
    this.#instance.closeSync();
    if (this.#ownFolder !== undefined) await rm(this.#ownFolder, { recursive: true, force: true });
  }

  /** Returns a planned statement, if the text is a single SELECT. Planning changes nothing. */
  async #prepare(sql: string) {
    const statements = await this.connection.extractStatements(sql);
    if (statements.count !== 1) {
      throw new AnalysisError(
        `DuckDB: the text has ${statements.count} statements; an analysis runs single SELECTs only`,
      );
    }
    const statement = await statements.prepare(0);
    if (statement.statementType === this.#package.StatementType.SELECT) return statement;
    statement.destroySync();
    throw new AnalysisError('DuckDB: the statement is not a SELECT; an analysis only reads');
  }

  #run<Value>(sql: string, options: QueryOptions, work: () => Promise<Value>): Promise<Value> {
    const before = this.#last;
    return bounded('DuckDB', options, async ({ signal }) => {
      const result = before
        .catch(() => {})
        .then(async () => {
          signal.throwIfAborted();
          let interrupts: NodeJS.Timeout | undefined;
          const interrupt = () => this.connection.interrupt();
          const stop = () => {
            interrupt();
            interrupts = setInterval(interrupt, INTERRUPT_MS);
          };
          signal.addEventListener('abort', stop, { once: true });
          const progress = this.#reportProgress(options);
          try {
            return await work();
          } catch (error) {
            throw statementError('DuckDB', error, sql, options);
          } finally {
            clearInterval(progress);
            clearInterval(interrupts);
            signal.removeEventListener('abort', stop);
          }
        });
      this.#last = result;
      return result;
    });
  }

  #reportProgress({ onProgress }: QueryOptions): NodeJS.Timeout | undefined {
    if (onProgress === undefined) return undefined;
    return setInterval(() => {
      const { percentage } = this.connection.progress;
      // Before a statement has begun, DuckDB says -1.
      if (percentage >= 0) onProgress(Math.min(percentage / 100, 1));
    }, PROGRESS_MS);
  }
}

/** Registers the function that views call for an unreadable line. Returns the files that it has met. */
function noteUnreadable(duckdb: DuckdbPackage, connection: DuckdbConnection): ReadonlySet<string> {
  const files = new Set<string>();
  const note = duckdb.DuckDBScalarFunction.create({
    name: NOTE_UNREADABLE,
    parameterTypes: [duckdb.VARCHAR],
    returnType: duckdb.BOOLEAN,
    volatile: true,
    mainFunction: (
      _info: unknown,
      input: { readonly rowCount: number; getColumnVector(index: number): DuckdbVector },
      output: DuckdbVector,
    ) => {
      const names = input.getColumnVector(0);
      for (let i = 0; i < input.rowCount; i++) {
        files.add(String(names.getItem(i)));
        output.setItem(i, false);
      }
      output.flush();
    },
  });
  connection.registerScalarFunction(note);
  return files;
}

/** Returns rows whose values are texts, numbers, booleans and null. */
function plainRows(rows: DuckdbRows): readonly EngineRow[] {
  return rows
    .getRowObjectsJS()
    .map((row) =>
      Object.fromEntries(Object.entries(row).map(([name, value]) => [name, plain(value)])),
    );
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Date ? value.toISOString() : value;
}
