import { createRequire } from 'node:module';
import { join } from 'node:path';
import { AnalysisError } from '../../../errors/analysis-error.ts';
import { thrownMessage, thrownProperty } from '../../../errors/thrown.ts';
import { isObject } from '../../../options/check-options.ts';
import { loadPackage } from '../../../runtime/load-package.ts';

/** The part of the package `@duckdb/node-api` that is used here. */
export interface DuckdbPackage {
  readonly DuckDBInstance: {
    create(path: string, options: Record<string, string>): Promise<DuckdbInstance>;
  };
  readonly DuckDBScalarFunction: { create(options: object): DuckdbFunction };
  readonly StatementType: { readonly SELECT: number };
  readonly VARCHAR: unknown;
  readonly BOOLEAN: unknown;
}

/** An open database. */
export interface DuckdbInstance {
  connect(): Promise<DuckdbConnection>;
  closeSync(): void;
}

/** A connection; it runs one statement at a time. */
export interface DuckdbConnection {
  interrupt(): void;
  readonly progress: { readonly percentage: number };
  run(sql: string): Promise<unknown>;
  runAndReadAll(sql: string): Promise<DuckdbRows>;
  extractStatements(sql: string): Promise<DuckdbStatements>;
  registerScalarFunction(definition: DuckdbFunction): void;
  closeSync(): void;
}

/** The statements of a text. */
export interface DuckdbStatements {
  readonly count: number;
  prepare(index: number): Promise<DuckdbStatement>;
}

/** A statement that was checked and planned. */
export interface DuckdbStatement {
  readonly statementType: number;
  runAndReadAll(): Promise<DuckdbRows>;
  destroySync(): void;
}

/** The rows of a result. */
export interface DuckdbRows {
  getRowObjectsJS(): Record<string, unknown>[];
}

/** A function written in JavaScript, for use in SQL. */
export interface DuckdbFunction {
  destroySync(): void;
}

/** The values of a function's argument or result. */
export interface DuckdbVector {
  getItem(index: number): unknown;
  setItem(index: number, value: unknown): void;
  flush(): void;
}

const INSTALL = 'npm install @duckdb/node-api';

/**
 * Loads the package `@duckdb/node-api`, which Evenhand does not install.
 *
 * @param folder the folder of the project that has the package; by default, Evenhand's own folder
 * @throws AnalysisError (`analysis`) with the command that installs the package
 */
export function loadDuckdb(folder?: string): DuckdbPackage {
  let loaded: unknown;
  try {
    loaded =
      folder === undefined
        ? loadPackage('@duckdb/node-api')
        : createRequire(join(folder, 'package.json'))('@duckdb/node-api');
  } catch (error) {
    if (thrownProperty(error, 'code') === 'MODULE_NOT_FOUND') {
      throw new AnalysisError(
        `reading records from files needs the package @duckdb/node-api, which is not installed; run ${INSTALL}`,
        { cause: error },
      );
    }
    throw new AnalysisError(`can't load the package @duckdb/node-api: ${thrownMessage(error)}`, {
      cause: error,
    });
  }
  if (isDuckdb(loaded)) return loaded;
  throw new AnalysisError(`the package @duckdb/node-api is too old; run ${INSTALL}@latest`);
}

function isDuckdb(loaded: unknown): loaded is DuckdbPackage {
  return isObject(loaded) && 'DuckDBInstance' in loaded && 'DuckDBScalarFunction' in loaded;
}
