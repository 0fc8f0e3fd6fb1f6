import type { FileHandle } from 'node:fs/promises';
import { eraseBytes, type OpenFile, readBytes } from './open-file.ts';
import { isBlank, isTornObject, isWholeObject } from './torn-line.ts';

/** How far back the beginning of the last line is looked for; records are far shorter. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

const CHUNK_BYTES = 64 * 1024;

/** Processes that append all the time may each leave a new tail to look at. */
const MAX_ROUNDS = 4;

const LINE_BREAK = 0x0a;

/**
 * Makes a file fit to append lines to: one that a process left in the middle of a line when it was
 * killed. A last line that is whole but for its line break gets it; a torn one is overwritten with
 * spaces, which belong to the line that comes after; what can't be the beginning of a record (another
 * kind of file) is left as it is and gets a line break.
 *
 * Other processes may be appending meanwhile, and what looks torn may be a line that one of them is in
 * the middle of writing. So first a space is appended: a system appends one after another, so that all
 * that was being written then is there when this is done. What still has no end is torn, and only its
 * own bytes are overwritten.
 *
 * @param say called with what was done, once for each line
 */
export async function mendTail(file: OpenFile, say: (what: string) => void): Promise<void> {
  const { handle } = file;
  let erased: number | undefined;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { size: seen } = await handle.stat();
    const start = await lastLineStart(handle, seen);
    if (start === undefined) {
      await endLine(handle, say);
      return;
    }
    if (isBlank(await readBytes(handle, start, seen))) return;
    await handle.write(' ');
    const { size } = await handle.stat();
    const bytes = await readBytes(handle, start, Math.min(size, start + 2 * MAX_LINE_BYTES));
    // Another process has ended the line, or has appended to a torn one and will see to that.
    if (bytes.includes(LINE_BREAK)) continue;
    if (isWholeObject(bytes)) {
      await handle.write('\n');
      say('the last line lacked its line break, which has been added');
      return;
    }
    // What has grown while it was looked at shows its beginning no more.
    if (start !== erased && !isTornObject(bytes)) {
      await endLine(handle, say);
      return;
    }
    if (!(await eraseBytes(file, start, seen))) return;
    erased = start;
    say(tornMessage(seen - start));
  }
}

/** What is said of a line that has been erased. */
export function tornMessage(bytes: number): string {
  return `a line that was torn when a process ended has been erased, ${bytes} bytes`;
}

async function endLine(handle: FileHandle, say: (what: string) => void): Promise<void> {
  await handle.write('\n');
  say('the last line is no record and had no end; a line break has been added');
}

/** Where the last line begins, or undefined where that is too far back. */
async function lastLineStart(handle: FileHandle, size: number): Promise<number | undefined> {
  for (let to = size; to > 0; to -= CHUNK_BYTES) {
    if (size - to > MAX_LINE_BYTES) return undefined;
    const from = Math.max(0, to - CHUNK_BYTES);
    const at = (await readBytes(handle, from, to)).lastIndexOf(LINE_BREAK);
    if (at !== -1) return from + at + 1;
  }
  return 0;
}
