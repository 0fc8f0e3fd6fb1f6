import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { analyze } from '../../../src/analysis/analyze.ts';
import type { AnalyzeOptions } from '../../../src/analysis/analyze-options.ts';
import { duckdbEngine } from '../../../src/analysis/engines/duckdb/duckdb-engine.ts';
import type { Result } from '../../../src/analysis/result/result.ts';
import { createClient } from '../../../src/client/client.ts';
import type { EventRecord } from '../../../src/exposures/records/record.ts';
import type { ExposuresOptions } from '../../../src/exposures/options.ts';
import { recordingSink } from '../../../src/testing/recording-sink.ts';
import { valid } from '../result/valid.ts';

/** The first moment of a test. */
export const START = Date.parse('2027-01-18T08:00:00Z');

export const HOUR = 3_600_000;

type Client = ReturnType<typeof createClient>;

/** The clock of the library, in milliseconds since 1970. */
export interface Clock {
  now: number;
}

/** Decides and records through the library, as an application does, and returns the records. */
export async function recorded(
  specification: object,
  visits: (client: Client, clock: Clock) => void | Promise<void>,
  options: Partial<ExposuresOptions> = {},
): Promise<readonly EventRecord[]> {
  const clock = { now: START };
  const spy = jest.spyOn(Date, 'now').mockImplementation(() => clock.now);
  try {
    const sink = recordingSink();
    const client = createClient({ source: specification, exposures: { ...options, sink } });
    await visits(client, clock);
    await client.close();
    return sink.records;
  } finally {
    spy.mockRestore();
  }
}

/** Analyzes records as a file of JSON lines. */
export async function analyzed(
  records: readonly EventRecord[],
  options: Omit<AnalyzeOptions, 'engine'>,
): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-recorded-'));
  const file = join(folder, 'records.ndjson');
  writeFileSync(file, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const engine = duckdbEngine({ records: file });
  try {
    return valid(await analyze({ until: START + 1000 * HOUR, ...options, engine }));
  } finally {
    await engine.close();
    rmSync(folder, { recursive: true });
  }
}
