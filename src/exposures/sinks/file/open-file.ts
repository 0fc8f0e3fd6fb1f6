import { type BigIntStats, promises } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** The identity of a file, which stays the same when it is renamed. */
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

/** Returns true if both identities are of the same file. */
export function isSameFile(one: FileIdentity, other: FileIdentity): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** Returns the identity of a file. Windows uses numbers beyond 2^53, so they are big integers. */
export function identityOf({ dev, ino }: BigIntStats): FileIdentity {
  return { dev, ino };
}

const SPACE = 0x20;

/**
 * Overwrites bytes with spaces in place. Truncating the file could also remove lines that another
 * process has just appended. A line of JSON may start with spaces.
 *
 * @param from the first byte
 * @param to the byte after the last
 * @returns false if another file is at the path now, and nothing was erased
 */
export async function eraseBytes(
  { path, identity }: OpenFile,
  from: number,
  to: number,
): Promise<boolean> {
  // A handle opened for appending always writes at the end.
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

/** Returns the bytes of a range, or fewer if the file is shorter. */
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
