import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  readTextLater,
  readTextNow,
  readTextOf,
} from '../../../src/sources/file/file-questions.ts';

const TOO_MUCH = 'it is larger than 256 MiB';

describe('reading a text', () => {
  let directory: string;
  let file: string;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'evenhand-text-'));
    file = join(directory, 'text');
  });

  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it.each([
    ['an empty file', ''],
    ['a few characters', '["é", "😀"]'],
    ['more than one chunk', '😀é'.repeat(100_000)],
  ])('reads %s unchanged: synchronously, asynchronously and from a stream', async (_what, text) => {
    writeFileSync(file, text);
    expect(readTextNow(file)).toBe(text);
    expect(await readTextLater(file)).toBe(text);
    const bytes = Buffer.from(text);
    // Chunks that end inside a character.
    const parts = Array.from({ length: Math.ceil(bytes.length / 4093) }, (_, i) =>
      bytes.subarray(i * 4093, (i + 1) * 4093),
    );
    expect(await readTextOf(Readable.from(parts))).toBe(text);
  });

  it('reads a file without a size', async () => {
    expect(readTextNow('/proc/self/status')).toMatch(/^Name:/);
    expect(await readTextLater('/proc/self/status')).toMatch(/^Name:/);
  });

  // Pipes and streams that never end: file-questions.slow.test.ts.
  it('rejects devices and files above the limit', async () => {
    expect(() => readTextNow('/dev/zero')).toThrow('it is a device');
    await expect(readTextLater('/dev/zero')).rejects.toThrow('it is a device');
    writeFileSync(file, '');
    truncateSync(file, 10 * 2 ** 30);
    expect(() => readTextNow(file)).toThrow(TOO_MUCH);
    await expect(readTextLater(file)).rejects.toThrow(TOO_MUCH);
  });

  it('throws the error of Node for a path that is not a file', async () => {
    expect(() => readTextNow(directory)).toThrow('EISDIR');
    await expect(readTextLater(directory)).rejects.toThrow('EISDIR');
    expect(() => readTextNow(file)).toThrow('ENOENT');
    await expect(readTextLater(file)).rejects.toThrow('ENOENT');
  });
});
