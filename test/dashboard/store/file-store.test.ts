import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockFile } from '../../../src/dashboard/store/file-lock.ts';
import { fileStore } from '../../../src/dashboard/store/file-store.ts';

describe('fileStore', () => {
  let folder = '';
  let path = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'evenhand-store-'));
    path = join(folder, 'experiments.config.json');
    writeFileSync(path, '[\n\t"chat:on"\n]\n');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const left = () => readdirSync(folder).filter((name) => name !== 'experiments.config.json');

  it('writes a text as it is, for the revision that was read', async () => {
    const store = fileStore(path);
    const stored = await store.read();
    const revision = await store.put('[ "chat:off" ]', {
      expectedRevision: stored?.revision ?? '',
    });
    expect(readFileSync(path, 'utf8')).toBe('[ "chat:off" ]');
    expect(await store.read()).toEqual({ text: '[ "chat:off" ]', revision });
    expect(left()).toEqual([]);
  });

  it('writes a value in the formatting of the file', async () => {
    await fileStore(path).put({ experiments: ['chat:off'] });
    expect(readFileSync(path, 'utf8')).toContain('\n');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ experiments: ['chat:off'] });
  });

  it('refuses to write over another revision', async () => {
    const store = fileStore(path);
    const stored = await store.read();
    writeFileSync(path, '["chat:off"]');
    const put = store.put('["other:on"]', { expectedRevision: stored?.revision ?? '' });
    await expect(put).rejects.toMatchObject({ code: 'conflict', expected: stored?.revision });
    expect(readFileSync(path, 'utf8')).toBe('["chat:off"]');
    expect(left()).toEqual([]);
  });

  it.each([
    ['JSON', '[', 'json'],
    ['a specification', '["chat:maybe"]', 'spec'],
  ])('refuses a text that is not %s', async (_, text, code) => {
    await expect(fileStore(path).put(text)).rejects.toMatchObject({ code });
    expect(readFileSync(path, 'utf8')).toBe('[\n\t"chat:on"\n]\n');
    expect(left()).toEqual([]);
  });

  it('creates a missing file', async () => {
    const other = join(folder, 'new.json');
    const store = fileStore(other);
    expect(await store.read()).toBeUndefined();
    await store.put('["chat:on"]');
    expect(readFileSync(other, 'utf8')).toBe('["chat:on"]');
  });

  it('follows a link and keeps the permissions', async () => {
    const linked = join(folder, 'linked.json');
    symlinkSync(path, linked);
    chmodSync(path, 0o640);
    await fileStore(linked).put('["chat:off"]');
    expect(readFileSync(path, 'utf8')).toBe('["chat:off"]');
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(existsSync(linked)).toBe(true);
  });

  it.each([
    ['a folder', () => folder, 'is a folder'],
    ['a missing folder', () => join(folder, 'none/file.json'), 'none'],
  ])('names the problem with %s', async (_, place, message) => {
    const put = fileStore(place()).put('["chat:on"]');
    await expect(put).rejects.toMatchObject({
      code: 'store',
      message: expect.stringContaining(message) as string,
    });
  });

  it('refuses anything but a path', () => {
    expect(() => fileStore(7 as unknown as string)).toThrow('the path of a file, not 7');
  });

  it('has one writer at a time, and loses nothing', async () => {
    writeFileSync(path, '[]');
    const add = async (name: string): Promise<void> => {
      const store = fileStore(path);
      for (;;) {
        const stored = await store.read();
        const list = JSON.parse(stored?.text ?? '[]') as string[];
        const text = JSON.stringify([...list, `${name}:on`]);
        try {
          await store.put(text, { expectedRevision: stored?.revision ?? '' });
          return;
        } catch (error) {
          if ((error as { code: string }).code !== 'conflict') throw error;
        }
      }
    };
    const names = Array.from({ length: 12 }, (_, i) => `switch_${i}`);
    await Promise.all(names.map(add));
    const written = JSON.parse(readFileSync(path, 'utf8')) as string[];
    expect(written.toSorted()).toEqual(names.map((name) => `${name}:on`).toSorted());
    expect(left()).toEqual([]);
  });

  describe('with a lock of another process', () => {
    const lock = () => `${path}.lock`;
    const holder = (more: object) =>
      JSON.stringify({ id: 'other', pid: 1, host: hostname(), at: Date.now(), ...more });

    it('waits, and names the holder', async () => {
      writeFileSync(lock(), holder({ pid: 1 }));
      await expect(lockFile(path, 60)).rejects.toMatchObject({
        code: 'store',
        message: expect.stringContaining('process 1 on') as string,
      });
      expect(existsSync(lock())).toBe(true);
    });

    it.each([
      ['has ended', { pid: 2 ** 30 }],
      ['is on another machine and a minute old', { host: 'elsewhere', at: Date.now() - 61_000 }],
      ['had the id of this one before a restart', { pid: process.pid, at: Date.now() - 61_000 }],
    ])('takes it over if that process %s', async (_, more) => {
      writeFileSync(lock(), holder(more));
      await fileStore(path).put('["chat:off"]');
      expect(readFileSync(path, 'utf8')).toBe('["chat:off"]');
      expect(left()).toEqual([]);
    });

    it('never has a lock without its holder', async () => {
      const seen = new Set<boolean>();
      let isOver = false;
      const look = () => {
        try {
          seen.add(readFileSync(lock(), 'utf8') !== '');
        } catch {
          // There is no lock at this moment.
        }
        if (!isOver) setImmediate(look);
      };
      look();
      for (let i = 0; i < 100; i++) {
        const held = await lockFile(path);
        await held.release();
      }
      isOver = true;
      expect([...seen]).toEqual([true]);
      expect(left()).toEqual([]);
    });

    it('never takes the lock of the writer that took an abandoned one over', async () => {
      const answers = new Set<boolean>();
      for (let round = 0; round < 10; round++) {
        writeFileSync(lock(), holder({ id: `ended${round}`, pid: 2 ** 30 }));
        const writers = Array.from({ length: 4 }, async () => {
          const held = await lockFile(path, 60_000);
          for (let i = 0; i < 3; i++) answers.add(await held.isHeld());
          await held.release();
        });
        await Promise.all(writers);
      }
      expect([...answers]).toEqual([true]);
      expect(left()).toEqual([]);
    });

    it.each([
      ['waits while a living process removes an abandoned one', 1, true],
      ['removes an abandoned one after a process died while it did so', 2 ** 30, false],
    ])('%s', async (_, pid, isLeft) => {
      const ended = { id: 'ended', pid: 2 ** 30 };
      writeFileSync(lock(), holder(ended));
      const digest = createHash('sha256').update(ended.id).digest('hex').slice(0, 16);
      writeFileSync(`${lock()}.${digest}`, holder({ id: 'claimant', pid }));
      const held = await lockFile(path, 200).catch(() => undefined);
      expect(held === undefined).toBe(isLeft);
      await held?.release();
      expect(left()).toHaveLength(isLeft ? 2 : 0);
    });

    it('waits for a new one of another machine', async () => {
      writeFileSync(lock(), holder({ host: 'elsewhere' }));
      await expect(lockFile(path, 60)).rejects.toMatchObject({ code: 'store' });
    });

    it('does not remove the lock of the process that took it over', async () => {
      const held = await lockFile(path);
      writeFileSync(lock(), holder({}));
      expect(await held.isHeld()).toBe(false);
      await held.release();
      expect(existsSync(lock())).toBe(true);
    });

    it('waits for a lock that is not JSON, or is a folder', async () => {
      writeFileSync(lock(), '{');
      await expect(lockFile(path, 60)).rejects.toMatchObject({ code: 'store' });
      rmSync(lock());
      mkdirSync(lock());
      await expect(lockFile(path, 60)).rejects.toMatchObject({ code: 'store' });
    });
  });
});
