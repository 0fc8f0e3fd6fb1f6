import { resolve } from 'node:path';
import { duckdbEngine } from '../../analysis/engines/duckdb/duckdb-engine.ts';
import { measureBaseline } from '../../analysis/power/measure-baseline.ts';
import { pluralText } from '../../analysis/power/plan-format.ts';
import type { MeasuredBaseline } from '../../analysis/power/measured-baseline.ts';
import type { ConfigFile } from './config-file.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { printable } from '../output/printable.ts';

/** The records to measure a baseline from. */
export interface BaselineRecords {
  /** Paths and globs, relative to the host's directory. */
  readonly records: readonly string[];
  readonly experiment: string;
  readonly metric?: string;
  readonly days?: number;
  readonly exposuresOf?: string;
  readonly entry?: string;
}

/**
 * Measures a baseline from files with DuckDB. Warns of lines that can't be read.
 *
 * @param signal ends the measurement
 * @throws what `measureBaseline()` and `duckdbEngine()` throw
 */
export async function baselineFromRecords(
  host: Host,
  { specification }: ConfigFile,
  { records, ...options }: BaselineRecords,
  signal: AbortSignal,
): Promise<MeasuredBaseline> {
  const engine = duckdbEngine({
    records: records.map((path) => resolve(host.cwd, path)),
    packageFolder: host.cwd,
  });
  try {
    const query = { signal };
    const now = host.now();
    const measured = await measureBaseline({ ...options, specification, engine, now, query });
    // The measurement reads only records of its period, so that it does not meet all unreadable lines.
    await engine.query(`SELECT count(*) AS n FROM (${engine.sources.exposures.sql}) r`, query);
    for (const { file, lines } of await engine.unreadable()) {
      const { yellow } = createColour(host.stderr.colour);
      const text = `${pluralText(lines, 'line')} can't be read and will not count`;
      host.stderr.write(`${yellow('warning')} ${printable(file)}: ${text}\n`);
    }
    return measured;
  } finally {
    await engine.close();
  }
}
