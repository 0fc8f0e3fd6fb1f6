import { closeSync, fstatSync, openSync, promises, readSync } from 'node:fs';

/**
 * The largest file, in bytes: 100,000 experiments take about 60 MB, and more is a mistake such as a
 * device.
 */
const MAX_BYTES = 256 * 2 ** 20;

/** Bytes read at once from a file without a size, such as a pipe: as many as have been read so far. */
const MIN_CHUNK_BYTES = 2 ** 16;
const MAX_CHUNK_BYTES = 2 ** 24;

/**
 * Reads a text file in UTF-8 synchronously.
 *
 * @throws the error of Node's functions; Error for more than 256 MiB
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

/** Reads a text file in UTF-8 without blocking; rejects with the errors of {@link readTextNow}. */
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

/** Reads a stream of UTF-8 up to 256 MiB. */
export async function readTextOf(stream: AsyncIterable<Uint8Array | string>): Promise<string> {
  const text = new BoundedText();
  for await (const chunk of stream) text.add(Buffer.from(chunk));
  return text.toString();
}

/** A text that arrives in chunks, up to the largest size. */
class BoundedText {
  private readonly chunks: Buffer[] = [];
  private bytes = 0;

  /** Returns the size of the next chunk: usually the rest of the file. @param size of the whole file */
  chunkBytes(size: number): number {
    const left = Math.min(size, MAX_BYTES) - this.bytes + 1;
    return Math.max(MIN_CHUNK_BYTES, left, Math.min(this.bytes, MAX_CHUNK_BYTES));
  }

  /** @throws Error if the text becomes too large */
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
