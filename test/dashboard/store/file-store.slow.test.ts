import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStore } from '../../../src/dashboard/store/file-store.ts';

const MODULE = join(__dirname, '../../../src/dashboard/store/file-store.ts');

/** Adds switches one by one, each as a change of the revision that was read. */
const WRITER = `
import { fileStore } from ${JSON.stringify(MODULE)};
const [path, name, count] = process.argv.slice(-3);
const store = fileStore(path);
for (let i = 0; i < Number(count);) {
  const stored = await store.read();
  const text = JSON.stringify([...JSON.parse(stored.text), name + '_' + i + ':on']);
  try {
    await store.put(text, { expectedRevision: stored.revision });
    i++;
  } catch (error) {
    if (error.code !== 'conflict') throw error;
  }
}
`;

describe('fileStore in several processes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenhand-writers-'));
  const path = join(folder, 'experiments.json');
  const script = join(folder, 'writer.mts');
  writeFileSync(script, WRITER);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const start = (name: string, count: number) =>
    spawn(process.execPath, ['--import', 'tsx', script, path, name, String(count)], {
      stdio: ['ignore', 'ignore', 'inherit'],
      cwd: join(__dirname, '../../..'),
    });

  it('loses no change', async () => {
    writeFileSync(path, '[]');
    const writers = ['ada', 'bob', 'mia'].map((name) => start(name, 20));
    const codes = await Promise.all(writers.map((writer) => once(writer, 'exit')));
    expect(codes).toEqual([
      [0, null],
      [0, null],
      [0, null],
    ]);
    const written = JSON.parse(readFileSync(path, 'utf8')) as string[];
    expect(new Set(written).size).toBe(60);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  it('goes on after a process was killed while it wrote', async () => {
    writeFileSync(path, '[]');
    const writer = start('ada', 100_000);
    const isLocked = () => existsSync(`${path}.lock`);
    while (!isLocked()) await new Promise((resolve) => setTimeout(resolve, 1));
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const store = fileStore(path);
    const stored = await store.read();
    const list = JSON.parse(stored?.text ?? '') as string[];
    await store.put(JSON.stringify([...list, 'last:on']), {
      expectedRevision: stored?.revision ?? '',
    });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual([...list, 'last:on']);
  });
});
