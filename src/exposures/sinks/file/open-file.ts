import { type BigIntStats, promises } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** Which file it is, whatever it is called by now. */
export interface FileIdentity {
  readonly dev: bigint;
  readonly ino: bigint;
}

/** A file that is open for appending and for reading. */
export interface OpenFile {
  readonly path: string;
  readonly handle: FileHandle;
  readonly identity: FileIdentity;
}

/** Whether two of them are the same file. */
export function isSameFile(one: FileIdentity, other: FileIdentity): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** The identity in what `stat` says; in whole numbers beyond 2^53, which Windows has. */
export function identityOf({ dev, ino }: BigIntStats): FileIdentity {
  return { dev, ino };
}

const SPACE = 0x20;

/**
 * Overwrites bytes with spaces, where they are. Unlike cutting the file, this can't take away what
 * another process has appended behind them meanwhile; and space before a line of JSON is part of JSON.
 *
 * @param from the first byte
 * @param to the byte after the last
 * @returns whether it was done: not where another file has taken the path
 */
export async function eraseBytes(
  { path, identity }: OpenFile,
  from: number,
  to: number,
): Promise<boolean> {
  // What is open for appending writes at the end only, whatever the position.
  const handle = await promises.open(path, 'r+');
  try {
    if (!isSameFile(identity, identityOf(await handle.stat({ bigint: true })))) return false;
    const spaces = Buffer.alloc(to - from, SPACE);
    for (let done = 0; done < spaces.length;) {
      const { bytesWritten } = await handle.write(spaces, done, spaces.length - done, from + done);
      done += bytesWritten;
    }
    return true;
  } finally {
    await handle.close();
  }
}

/** The bytes of a range, or as many as there are. */
export async function readBytes(handle: FileHandle, from: number, to: number): Promise<Buffer> {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await handle.read(bytes, length, bytes.length - length, from + length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
