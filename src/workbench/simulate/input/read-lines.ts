/** The most bytes of a line; no real context is larger, and memory must not grow. */
export const MAX_LINE_BYTES = 1_048_576;

/** A line of a file, without its line break. */
export interface Line {
  /** From 0. */
  readonly index: number;
  /** Undefined if the line is too long. */
  readonly bytes: Buffer | undefined;
}

const LINE_FEED = 10;

/**
 * Reads this thread's lines from a stream of bytes; other lines are only counted.
 *
 * @param isMine selects the lines by their index, from 0
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array | string>,
  isMine: (index: number) => boolean,
): AsyncGenerator<Line> {
  let index = 0;
  let parts: Buffer[] = [];
  let length = 0;
  const keep = (bytes: Buffer): void => {
    length += bytes.length;
    if (length <= MAX_LINE_BYTES && isMine(index)) parts.push(bytes);
    else parts = [];
  };
  for await (const chunk of chunks) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength); // prettier-ignore
    let from = 0;
    for (let to = bytes.indexOf(LINE_FEED); to !== -1; to = bytes.indexOf(LINE_FEED, from)) {
      keep(bytes.subarray(from, to));
      if (isMine(index)) yield { index, bytes: whole(parts, length) };
      index++;
      parts = [];
      length = 0;
      from = to + 1;
    }
    if (from < bytes.length) keep(bytes.subarray(from));
  }
  if (length > 0 && isMine(index)) yield { index, bytes: whole(parts, length) };
}

function whole(parts: readonly Buffer[], length: number): Buffer | undefined {
  if (length > MAX_LINE_BYTES) return undefined;
  const [only] = parts;
  return only !== undefined && parts.length === 1 ? only : Buffer.concat(parts);
}
