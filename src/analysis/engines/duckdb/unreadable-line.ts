import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type zlib from 'node:zlib';
import { thrownProperty } from '../../../errors/thrown.ts';
import { loadPackage } from '../../../runtime/load-package.ts';

const NEWLINE = 0x0a;

/** A line that is not a record: its number, from 1, and whether it is longer than allowed. */
export interface FoundLine {
  readonly number: number;
  readonly isTooLong: boolean;
}

/**
 * Finds the first line of a file that is not a record. DuckDB counts such lines, but does not number them.
 *
 * @param onlyTooLong ignore all lines but those above the limit
 * @returns undefined if all lines are records, or the file can't be read
 */
export async function findUnreadableLine(
  file: string,
  maxLineBytes: number,
  onlyTooLong = false,
): Promise<FoundLine | undefined> {
  const input = createReadStream(file);
  try {
    let number = 0;
    for await (const line of linesOf(unpacked(file, input), maxLineBytes)) {
      number++;
      if (line === undefined) return { number, isTooLong: true };
      if (!onlyTooLong && isUnreadable(line)) return { number, isTooLong: false };
    }
  } catch {
    // The file has changed or is damaged; its lines are counted all the same.
  } finally {
    input.destroy();
  }
  return undefined;
}

/**
 * Returns true if a gzip file ends in the middle of its data, as after a broken copy. DuckDB reads such a file
 * to its end and says nothing.
 */
export async function isCutOff(file: string): Promise<boolean> {
  if (!file.endsWith('.gz')) return false;
  const input = createReadStream(file);
  try {
    for await (const _ of unpacked(file, input));
    return false;
  } catch (error) {
    return thrownProperty(error, 'code') === 'Z_BUF_ERROR';
  } finally {
    input.destroy();
  }
}

function unpacked(file: string, input: Readable): Readable {
  const { createGunzip, ...rest } = loadPackage('node:zlib') as typeof zlib;
  const unpack = file.endsWith('.gz')
    ? createGunzip
    : file.endsWith('.zst')
      ? // Node has it since 22.15.
        (rest as { createZstdDecompress?: typeof createGunzip }).createZstdDecompress
      : undefined;
  if (unpack === undefined) return input;
  const output = unpack();
  input.on('error', (error) => output.destroy(error));
  return input.pipe(output);
}

/** Yields lines; undefined for one that is too long, which ends the file. */
async function* linesOf(
  input: AsyncIterable<Buffer>,
  maxLineBytes: number,
): AsyncGenerator<string | undefined, void> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of input) {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      parts.push(chunk.subarray(from, end));
      if (length + end - from > maxLineBytes) return yield undefined;
      yield Buffer.concat(parts).toString();
      [parts, length, from] = [[], 0, end + 1];
    }
    const rest = chunk.subarray(from);
    parts.push(rest);
    length += rest.length;
    if (length > maxLineBytes) return yield undefined;
  }
  if (length > 0) yield Buffer.concat(parts).toString();
}

function isUnreadable(line: string): boolean {
  if (line.trim() === '') return false;
  try {
    const record: unknown = JSON.parse(line);
    if (typeof record !== 'object' || record === null) return true;
    const [version, event, time] = ['version', 'event', 'time'].map((name) =>
      String(Reflect.get(record, name)),
    );
    return (
      version !== '1' ||
      (event !== 'exposure' && event !== 'outcome') ||
      Number.isNaN(Date.parse(time ?? ''))
    );
  } catch {
    return true;
  }
}
