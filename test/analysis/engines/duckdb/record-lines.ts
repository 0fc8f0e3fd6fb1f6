import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { duckdbEngine } from '../../../../src/analysis/engines/duckdb/duckdb-engine.ts';
import type { DuckdbEngineOptions } from '../../../../src/analysis/engines/duckdb/duckdb-options.ts';

/** A JSON object, as one line of a file. */
export type Line = Readonly<Record<string, unknown>>;

/** Returns an exposure, with some fields replaced. */
export function exposure(fields: Line = {}): Line {
  return {
    version: 1,
    id: '01a27300-0000-7000-8000-000000000001',
    time: '2027-01-18T08:00:00.000Z',
    event: 'exposure',
    experiment: 'checkout',
    seed: 'checkout',
    checksum: 'a3d1f0c25b7e9846',
    variant: 'short',
    identity: 'user.id',
    unit: 'u1',
    audience: 1,
    bucket: 7,
    overridden: false,
    context: { 'user.plan': 'pro' },
    ...fields,
  };
}

/** Returns an outcome, with some fields replaced. */
export function outcome(fields: Line = {}): Line {
  return {
    version: 1,
    id: '01a27300-0000-7000-8000-000000000002',
    time: '2027-01-18T09:00:00.000Z',
    event: 'outcome',
    name: 'purchase',
    units: { 'user.id': 'u1' },
    properties: { value: 69.5 },
    ...fields,
  };
}

/** Returns the text of a file: objects as JSON, other lines as they are. */
export function toLines(...lines: readonly (Line | string)[]): string {
  return lines
    .map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
    .join('');
}

/** Gives each test of a `describe` a folder, and closes the engines that it opens. */
export function useFolder() {
  const folder = mkdtempSync(
    join(tmpdir(), 'evenhand-records-in-a-folder-with-a-long-name-as-servers-have-them-'),
  );
  const open: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    for (const engine of open.splice(0)) await engine.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    path: (name: string) => join(folder, name),
    write: (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    },
    engine: (options: DuckdbEngineOptions) => {
      const engine = duckdbEngine({ threads: 2, memoryLimit: '1GB', ...options });
      open.push(engine);
      return engine;
    },
  };
}
