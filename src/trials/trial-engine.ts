import { duckdbEngine } from '../analysis/engines/duckdb/duckdb-engine.ts';

/**
 * Opens an engine that reads the records of a simulated experiment. It has a single thread, which adds up
 * values in one order: with several, equal seeds would not give equal figures to the last digit.
 *
 * @param path the file
 */
export function trialEngine(path: string): ReturnType<typeof duckdbEngine> {
  return duckdbEngine({ records: path, threads: 1 });
}
