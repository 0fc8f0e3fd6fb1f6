import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceError } from 'evenhand';
import { CacheFile } from '../../src/sources/cache-file.ts';
import { until } from './until.ts';
import { RUN_TYPESCRIPT } from '../processes/repository.ts';

const raw = { origin: 'https://example.com/', text: '["a:on"]' };

describe('CacheFile', () => {
  let directory: string;
  let path: string;
  let problems: SourceError[];
  const open = (file = path) => new CacheFile(file, (problem) => void problems.push(problem));

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'evenhand-cache-'));
    path = join(directory, 'cache.json');
    problems = [];
  });

  afterEach(() => rmSync(directory, { recursive: true }));

  it.each([
    ['a text', raw],
    ['data', { origin: 'config', data: ['a:on'] }],
    ['several texts', { origin: 'files', texts: [raw, { origin: 'b', text: '[]' }] }],
  ])('returns %s unchanged', async (_what, given) => {
    const cache = open();
    expect(cache.read()).toBeUndefined();
    cache.save(given, 7);
    await cache.close();
    expect(open().read()).toEqual({
      raw: { ...given, revision: 7 },
      savedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
    expect(problems).toEqual([]);
  });

  it('writes one delivery at a time, keeps the last one, and leaves no other files', async () => {
    const cache = open();
    for (let i = 0; i < 500; i++) cache.save({ ...raw, text: `["a${i}:on"]` }, i);
    await cache.close();
    expect(open().read()?.raw.revision).toBe(499);
    expect(readdirSync(directory)).toEqual(['cache.json']);
  });

  it('can be read by its owner only', async () => {
    const cache = open();
    cache.save(raw, undefined);
    await cache.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is never found half-written', async () => {
    const cache = open();
    const long = {
      ...raw,
      text: JSON.stringify(Array.from({ length: 20_000 }, (_, i) => `a${i}:on`)),
    };
    cache.save(long, 0);
    await cache.close();
    let reads = 0;
    for (let i = 1; i <= 30; i++) {
      cache.save({ ...long, text: `${long.text} ` }, i);
      await new Promise(setImmediate);
      expect(open().read()?.raw).toMatchObject({ origin: raw.origin });
      reads++;
    }
    await cache.close();
    expect(reads).toBe(30);
  });

  it.each([
    ['invalid JSON', '{"form":1,"savedAt":"2027'],
    ['another version', '{"form":2,"savedAt":"2027","raw":{"origin":"x","data":[]}}'],
    ['an invalid specification', '{"form":1,"savedAt":"2027","raw":{"data":[]}}'],
    ['null', 'null'],
    ['a specification itself', '["a:on"]'],
  ])('rejects a file with %s', (_what, text) => {
    writeFileSync(path, text);
    expect(() => open().read()).toThrow(
      expect.objectContaining({ code: 'source', message: expect.stringContaining(path) }),
    );
  });

  it('reports failed reads and writes and keeps the old file', async () => {
    expect(() => open(directory).read()).toThrow(/can't be read/);
    const nowhere = open(join(directory, 'missing', 'cache.json'));
    nowhere.save(raw, 1);
    await nowhere.close();
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ['source', expect.stringMatching(/missing.*can't be written: ENOENT/)],
    ]);
  });

  it('reports that a specification is not JSON', async () => {
    const cache = open();
    cache.save({ origin: 'x', data: [1n] }, undefined);
    await cache.close();
    expect(problems[0]?.message).toMatch(/can't store this specification because it is not JSON/);
  });

  it('repeats a failed write after a minute', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const missing = join(directory, 'later');
      const cache = open(join(missing, 'cache.json'));
      cache.save(raw, 3);
      while (problems.length === 0) await new Promise(setImmediate);
      mkdirSync(missing);
      await jest.advanceTimersByTimeAsync(59_999);
      expect(readdirSync(missing)).toEqual([]);
      await jest.advanceTimersByTimeAsync(1);
      jest.useRealTimers();
      await until('it is written', () => readdirSync(missing).includes('cache.json'));
      await cache.close();
      expect(open(join(missing, 'cache.json')).read()?.raw.revision).toBe(3);
    } finally {
      jest.useRealTimers();
    }
  });

  it('keeps the old file on a full disk and removes the temporary one', () => {
    const kept = '{"form":1,"savedAt":"2027","raw":{"origin":"x","data":[]}}';
    writeFileSync(path, kept);
    // The system lets this process write no more than 64 KiB into a file.
    const program = `
      import { CacheFile } from ${JSON.stringify(join(__dirname, '../../src/sources/cache-file.ts'))};
      const cache = new CacheFile(${JSON.stringify(path)}, ({ message }) => console.log(message));
      cache.save({ origin: 'x', text: 'x'.repeat(200000) }, 1);
      await cache.close();
    `;
    writeFileSync(join(directory, 'fill.mts'), program);
    const { stdout } = spawnSync(
      'sh',
      ['-c', 'ulimit -f 128; exec "$0" "$@"', process.execPath, ...RUN_TYPESCRIPT, 'fill.mts'],
      {
        cwd: directory,
        encoding: 'utf8',
        env: {
          ...process.env,
          TSX_DISABLE_CACHE: '1',
        },
      },
    );
    expect(stdout).toMatch(/cache\.json can't be written: EFBIG/);
    expect(readFileSync(path, 'utf8')).toBe(kept);
    expect(readdirSync(directory).sort()).toEqual(['cache.json', 'fill.mts']);
  });
});
