import type { FileHandle } from 'node:fs/promises';
import { eraseBytes, type OpenFile, readBytes } from './open-file.ts';
import { isBlank, isTornObject, isWholeObject } from './torn-line.ts';

/** The longest last line whose start is searched for; records are far shorter. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

const CHUNK_BYTES = 64 * 1024;

/** The most rounds: other processes that keep appending may each leave a new last line to check. */
const MAX_ROUNDS = 4;

const LINE_BREAK = 0x0a;

/**
 * Repairs the last line of a file that a killed process left incomplete, so that lines can be
 * appended. A record that lacks only its line break gets one. The start of a record is overwritten
 * with spaces, which then belong to the next line. Anything else is not ours: it is kept and gets a
 * line break.
 *
 * A line that looks incomplete may be one that another process is writing at this moment. So a
 * space is appended first: the system runs appends one after another, so earlier appends have ended
 * when this one has. A line that is still without end is incomplete, and only its own bytes are
 * overwritten.
 *
 * @param report called with a message for each repaired line
 */
export async function repairTail(file: OpenFile, report: (what: string) => void): Promise<void> {
  const { handle } = file;
  let erased: number | undefined;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const { size: seen } = await handle.stat();
    const start = await lastLineStart(handle, seen);
    if (start === undefined) {
      await endLine(handle, report);
      return;
    }
    if (isBlank(await readBytes(handle, start, seen))) return;
    await handle.write(' ');
    const { size } = await handle.stat();
    const bytes = await readBytes(handle, start, Math.min(size, start + 2 * MAX_LINE_BYTES));
    // Another process has ended the line, or has appended to an incomplete one and will repair it.
    if (bytes.includes(LINE_BREAK)) continue;
    if (isWholeObject(bytes)) {
      await handle.write('\n');
      report('the last line had no line break; one was added');
      return;
    }
    // Spaces have replaced the start of a line that was erased in an earlier round.
    if (start !== erased && !isTornObject(bytes)) {
      await endLine(handle, report);
      return;
    }
    if (!(await eraseBytes(file, start, seen))) return;
    erased = start;
    report(tornMessage(seen - start));
  }
}

/** Returns the message about an erased line. */
export function tornMessage(bytes: number): string {
  return `an incomplete line of ${bytes} bytes, left by a process that was killed, was erased`;
}

async function endLine(handle: FileHandle, report: (what: string) => void): Promise<void> {
  await handle.write('\n');
  report('the last line is not a record and had no line break; one was added');
}

/**
 * Returns the offset of the last line; undefined if the line is longer than {@link MAX_LINE_BYTES}.
 */
async function lastLineStart(handle: FileHandle, size: number): Promise<number | undefined> {
  for (let to = size; to > 0; to -= CHUNK_BYTES) {
    if (size - to > MAX_LINE_BYTES) return undefined;
    const from = Math.max(0, to - CHUNK_BYTES);
    const at = (await readBytes(handle, from, to)).lastIndexOf(LINE_BREAK);
    if (at !== -1) return from + at + 1;
  }
  return 0;
}
