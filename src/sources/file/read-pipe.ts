import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { nameOfKind, READ_WITHOUT_WAITING } from './file-kind.ts';
import { BoundedText, codeOf } from './file-questions.ts';

/** Milliseconds between two looks at a pipe whose writer has not written yet. */
const LOOK_MS = 5;

/**
 * Reads a text in UTF-8 from a file or a pipe synchronously. Waits for a pipe as long as someone has it
 * open for writing; a pipe without a writer and without content is refused, or nothing would ever end the
 * wait.
 *
 * @throws the error of Node's functions; Error for more than 256 MiB and for a pipe without a writer
 */
export function readPipeNow(path: string): BoundedText {
  const file = openSync(path, READ_WITHOUT_WAITING);
  try {
    const text = new BoundedText();
    for (;;) {
      const kind = fstatSync(file);
      const chunk = Buffer.allocUnsafe(text.chunkBytes(kind.size));
      const bytes = readOrWait(file, chunk);
      if (bytes === 0) {
        if (kind.isFIFO() && text.isEmpty) {
          throw new Error(`it is ${nameOfKind(kind)} that nobody writes to; name a regular file`);
        }
        return text;
      }
      text.add(chunk.subarray(0, bytes));
    }
  } finally {
    closeSync(file);
  }
}

function readOrWait(file: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(file, chunk, 0, chunk.length, null);
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_MS);
    }
  }
}
