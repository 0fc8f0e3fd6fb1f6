import type { UnreadableLines } from '../../analysis/engine.ts';
import { measureBaseline } from '../../analysis/power/measure-baseline.ts';
import { countOf } from '../../ui/words.ts';
import type { MeasuredBaseline } from '../../analysis/power/measured-baseline.ts';
import type { ConfigFile } from '../files/config-file.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { printable } from '../output/printable.ts';
import type { RecordArguments } from '../arguments/record-arguments.ts';
import { type OpenEngine, withEngine } from './with-engine.ts';

/** The baseline to measure. */
export interface AskedBaseline {
  readonly experiment: string;
  readonly metric?: string;
  readonly days?: number;
  readonly exposuresOf?: string;
  readonly entry?: string;
}

/**
 * Measures a baseline from the records that the options name. Warns of lines that can't be read.
 *
 * @param signal ends the measurement
 * @throws what `measureBaseline()` and `withEngine()` throw
 */
export async function baselineFromRecords(
  host: Host,
  { specification }: ConfigFile,
  records: RecordArguments,
  asked: AskedBaseline,
  signal: AbortSignal,
): Promise<MeasuredBaseline> {
  return withEngine(host, records, signal, async (open) => {
    const now = host.now();
    const measured = await measureBaseline({ ...asked, ...open, specification, now, signal });
    for (const { file, lines } of await unreadableLines(open, signal)) {
      const { yellow } = createColour(host.stderr.colour);
      const text = `${countOf(lines, 'line')} can't be read and will not count`;
      host.stderr.write(`${yellow('warning')} ${printable(file)}: ${text}\n`);
    }
    return measured;
  });
}

/** Returns the lines of files that can't be read; none for databases without lines. */
async function unreadableLines(
  { engine, sources = engine.sources }: OpenEngine,
  signal: AbortSignal,
): Promise<readonly UnreadableLines[]> {
  if (engine.unreadable === undefined || sources === undefined) return [];
  // The measurement reads only records of its period, so that it does not meet all unreadable lines.
  await engine.query(`SELECT count(*) AS n FROM (\n${sources.exposures.sql}\n) r`, { signal });
  return engine.unreadable();
}
