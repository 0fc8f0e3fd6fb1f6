import { closeSync, fstatSync, openSync, promises, readSync } from 'node:fs';

/**
 * More is no specification but a mistake, such as a device: 100,000 experiments have some 60 MB. In
 * bytes.
 */
const MAX_BYTES = 256 * 2 ** 20;

/** What is read at once of what has no size of its own, as pipes: as much as there is already. In bytes. */
const MIN_CHUNK_BYTES = 2 ** 16;
const MAX_CHUNK_BYTES = 2 ** 24;

/**
 * The text of a file in UTF-8, read at once.
 *
 * @throws what Node throws; Error for more than 256 MiB
 */
export function readTextNow(path: string): string {
  const file = openSync(path, 'r');
  try {
    const text = new BoundedText();
    for (;;) {
      const chunk = Buffer.allocUnsafe(text.chunkBytes(fstatSync(file).size));
      const bytes = readSync(file, chunk, 0, chunk.length, null);
      if (bytes === 0) return text.toString();
      text.add(chunk.subarray(0, bytes));
    }
  } finally {
    closeSync(file);
  }
}

/** The same without blocking. */
export async function readTextLater(path: string): Promise<string> {
  const file = await promises.open(path, 'r');
  try {
    const text = new BoundedText();
    for (;;) {
      const chunk = Buffer.allocUnsafe(text.chunkBytes((await file.stat()).size));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, null);
      if (bytesRead === 0) return text.toString();
      text.add(chunk.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}

/** The text of a stream in UTF-8, within the same bounds. */
export async function readTextOf(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const text = new BoundedText();
  for await (const chunk of stream) text.add(Buffer.from(chunk));
  return text.toString();
}

/** Text that comes in parts, of which there may not be too many. */
class BoundedText {
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  /** How much is to be read next: mostly all there is, in one go. @param size what the file says it has */
  chunkBytes(size: number): number {
    const left = Math.min(size, MAX_BYTES) - this.bytes + 1;
    return Math.max(MIN_CHUNK_BYTES, left, Math.min(this.bytes, MAX_CHUNK_BYTES));
  }

  /** @throws Error where it becomes too much */
  add(chunk: Buffer): void {
    this.bytes += chunk.length;
    if (this.bytes > MAX_BYTES) {
      throw new Error(`it is larger than ${MAX_BYTES / 2 ** 20} MiB`);
    }
    this.chunks.push(chunk);
  }

  toString(): string {
    const [first = Buffer.alloc(0), ...others] = this.chunks;
    return (others.length === 0 ? first : Buffer.concat(this.chunks)).toString('utf8');
  }
}
