import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SourceError } from '../../../src/errors/store-errors.ts';
import { watchDirectories } from '../../../src/sources/file/file-watch.ts';
import { until } from '../until.ts';

describe('watchDirectories', () => {
  let directory: string;
  let closing: AbortController;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'evenhand-directories-'));
    closing = new AbortController();
  });

  afterEach(() => {
    closing.abort();
    rmSync(directory, { recursive: true, force: true });
  });

  const as = (path: string) => ({ path, identity: `${path} ${statSync(path).ino}` });
  const gone = () =>
    new SourceError('no such file', {
      cause: Object.assign(new Error('ENOENT'), { code: 'ENOENT' }),
    });

  it('looks again if a directory disappears while it is checked', async () => {
    let looks = 0;
    let changes = 0;
    const find = () => {
      looks += 1;
      return looks % 3 === 0 ? Promise.resolve([as(directory)]) : Promise.reject(gone());
    };
    const watching = watchDirectories(find, () => void (changes += 1), closing.signal);
    await until('it listens', () => changes === 1);
    expect(looks).toBe(3);
    // Each event causes a check of the directory; two fail, and the directory is watched again.
    writeFileSync(join(directory, 'a'), '');
    await until('it listens again', () => looks === 6);
    const before = changes;
    writeFileSync(join(directory, 'b'), '');
    await until('it notices', () => changes > before);
    closing.abort();
    await expect(watching).resolves.toBeUndefined();
  });

  it('looks again if a directory disappears before it is watched', async () => {
    const next = join(directory, 'next');
    mkdirSync(next);
    const old = join(directory, 'old');
    let changes = 0;
    let looks = 0;
    const find = () => {
      looks += 1;
      return Promise.resolve(looks === 1 ? [{ path: old, identity: 'old' }] : [as(next)]);
    };
    const watching = watchDirectories(find, () => void (changes += 1), closing.signal);
    await until('it listens', () => changes > 0);
    closing.abort();
    await expect(watching).resolves.toBeUndefined();
  });

  it('rejects if a directory stays missing', async () => {
    let looks = 0;
    const find = () => {
      looks += 1;
      return Promise.reject(gone());
    };
    await expect(watchDirectories(find, () => {}, closing.signal)).rejects.toThrow('no such file');
    expect(looks).toBe(5);
  });

  it('rejects immediately on other errors', async () => {
    let looks = 0;
    const find = () => {
      looks += 1;
      return Promise.reject(new SourceError('may not be read'));
    };
    await expect(watchDirectories(find, () => {}, closing.signal)).rejects.toThrow(
      'may not be read',
    );
    expect(looks).toBe(1);
  });
});
