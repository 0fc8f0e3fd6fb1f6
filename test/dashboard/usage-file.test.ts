import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usageFile } from '../../src/dashboard/usage-file.ts';
import { onceLogger } from '../../src/runtime/logger.ts';
import { Lines } from '../express/harness.ts';
import { until } from '../sources/until.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-usage-'));
afterAll(() => rmSync(folder, { recursive: true }));

const report = (name: string) => ({
  files: 3,
  experiments: [{ name, places: [{ file: 'src/cart.ts', line: 7, column: 3 }] }],
  unknown: [],
  dynamic: [],
});

it('reads the report, and a newer one when there is one', async () => {
  const path = join(folder, 'good.json');
  writeFileSync(path, JSON.stringify(report('a')));
  let now = 0;
  const usage = usageFile(path, onceLogger(new Lines()), () => now);
  await until('the report is read', () => usage() !== undefined);
  expect(usage()).toEqual(report('a'));
  writeFileSync(path, JSON.stringify(report('b')));
  utimesSync(path, 1, 1);
  await until('the newer report is read', () => {
    now += 5000;
    return usage()?.experiments[0]?.name === 'b';
  });
  expect(usage()).toEqual(report('b'));
});

it.each<[string, string | undefined]>([
  ['no JSON', '{'],
  ['null', 'null'],
  ['a list', '[]'],
  ['a specification', '{"experiments": []}'],
  ['places without lines', JSON.stringify({ ...report('a'), unknown: [{ file: 'a' }] })],
  ['names that are none', JSON.stringify({ ...report('a'), experiments: [{ name: 1 }] })],
  ['no file', undefined],
])('logs once that it can not read %s', async (what, text) => {
  const path = join(folder, `${what}.json`);
  if (text !== undefined) writeFileSync(path, text);
  const lines = new Lines();
  let now = 0;
  const usage = usageFile(path, onceLogger(lines), () => now);
  await until('the problem is logged', () => lines.errors.length > 0);
  now += 5000;
  expect(usage()).toBeUndefined();
  expect(lines.errors).toEqual([expect.stringContaining('npx evenhand usage --json')]);
});

it('logs that a folder is no report', async () => {
  const path = join(folder, 'folder');
  mkdirSync(path);
  const lines = new Lines();
  usageFile(path, onceLogger(lines), () => 0);
  await until('the problem is logged', () => lines.errors.length > 0);
  expect(lines.errors).toEqual([expect.stringContaining('it is not a file')]);
});
