import { statSync } from 'node:fs';
import { AnalysisError } from '../../../errors/analysis-error.ts';
import { quotePath } from '../../../errors/show-value.ts';
import { duckdb } from '../../sql/dialects/duckdb.ts';
import type { DuckdbConnection } from './duckdb-package.ts';

/** The formats of files with records. */
export type RecordFormat = 'ndjson' | 'parquet' | 'csv';

/** Existing files of one format, by their full names. */
export interface RecordFiles {
  readonly format: RecordFormat;
  readonly files: readonly string[];
}

/** The most files of one analysis. */
const MAX_FILES = 100_000;

/** An address of the network. DuckDB would ask for an extension. */
const ADDRESS = /^[a-z][a-z0-9+.-]+:\/\//i;

/**
 * Finds the files of paths and globs, each file once.
 *
 * @throws AnalysisError (`analysis`) if a path is a folder, an address, or no file matches
 */
export async function findRecordFiles(
  connection: DuckdbConnection,
  patterns: readonly string[],
): Promise<readonly RecordFiles[]> {
  const found = new Map<RecordFormat, Set<string>>();
  let count = 0;
  for (const pattern of patterns) {
    for (const file of await filesOf(connection, pattern)) {
      const format = formatOf(file);
      const files = found.get(format) ?? new Set();
      found.set(format, files.add(file));
      if (++count > MAX_FILES) {
        throw new AnalysisError(`the records are in more than ${MAX_FILES} files; name fewer`);
      }
    }
  }
  return [...found].map(([format, files]) => ({ format, files: [...files] }));
}

/** Returns the format that a file's ending tells. */
export function formatOf(file: string): RecordFormat {
  const name = file.toLowerCase().replace(/\.(gz|zst)$/, '');
  if (name.endsWith('.parquet')) return 'parquet';
  return name.endsWith('.csv') ? 'csv' : 'ndjson';
}

/** Returns a name as a pattern that matches only this name. */
export function exactPattern(file: string): string {
  return file.replaceAll(/[*?[]/g, '[$&]');
}

async function filesOf(connection: DuckdbConnection, pattern: string): Promise<readonly string[]> {
  if (ADDRESS.test(pattern)) {
    throw new AnalysisError(
      `${quotePath(pattern)} is an address, and records are read from files only; download it first`,
    );
  }
  const stats = statSync(pattern, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) {
    throw new AnalysisError(
      `${quotePath(pattern)} is a folder; name its files, such as ${quotePath(`${pattern.replace(/\/+$/, '')}/*.ndjson`)}`,
    );
  }
  if (stats !== undefined) return [pattern];
  const result = await connection.runAndReadAll(
    `SELECT file FROM glob(${duckdb.text(pattern)}) ORDER BY file`,
  );
  const files = result.getRowObjectsJS().map(({ file }) => String(file));
  if (files.length > 0) return files;
  throw new AnalysisError(
    `no file matches ${quotePath(pattern)}; check the path, and quote patterns in the shell`,
  );
}
