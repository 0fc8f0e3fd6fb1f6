import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE } from '../../processes/repository.ts';

/** The number of exposures that each child records. */
export const COUNT = 5000;

/** The folder of the current test's child. */
let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenhand-drain-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** The code that records exposures to a file in small batches; each test adds its own around it. */
const PROGRAM = `
  import { appendFile } from 'node:fs/promises';
  import { setTimeout as sleep } from 'node:timers/promises';
  import { createClient } from PACKAGE;
  const sink = {
    name: 'lines',
    async write(batch) {
      await sleep(DELAY);
      await appendFile('out.ndjson', batch.map((record) => JSON.stringify(record) + '\\n').join(''));
    },
  };
  const half = [{ variant: 'a', percent: 50 }, { variant: 'b', percent: 50 }];
  const client = createClient({
    source: [{
      name: 'exp', identity: 'id', variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [{ allocations: half }],
    }],
    exposures: { sink, batch: { maxRecords: 500 }, ...OPTIONS },
  });
  const record = () => {
    for (let id = 0; id < ${COUNT}; id++) client.participant({ id }).variant('exp');
  };
`;

/** The settings of a child. */
export interface Setting {
  /** The duration of each write, in milliseconds. */
  readonly delay?: number;
  /** The options of the exposures, as source code. */
  readonly options?: string;
  /** Code that runs first. */
  readonly before?: string;
}

/** Starts a child that runs `body`. */
export function start(body: string, { delay = 0, options = '{}', before = '' }: Setting = {}) {
  const source = PROGRAM.replace('PACKAGE', JSON.stringify(PACKAGE.entry))
    .replace('DELAY', String(delay))
    .replace('OPTIONS', options);
  const args = [...PACKAGE.flags, '--input-type=module', '--eval', before + source + body];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: 'pipe' });
  children.push(child);
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (output.stderr += String(chunk)));
  const ended = once(child, 'close').then(([code, signal]: unknown[]) => ({
    code,
    signal,
    ...output,
  }));
  const says = async (word: string): Promise<void> => {
    while (!output.stdout.includes(word) && child.exitCode === null)
      await once(child.stdout, 'data');
  };
  return { child, ended, says };
}

/** The units in the file, in order. */
export function written(): string[] {
  const path = join(folder, 'out.ndjson');
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => (JSON.parse(line) as { unit: string }).unit);
}

/** The units of all exposures, in order. */
export const ALL = Array.from({ length: COUNT }, (_, id) => String(id));

/** A body that records the exposures and stays alive. */
export const STAY = `
  setInterval(() => {}, 1000);
  record();
  console.log('ready');
`;
