// `promises`, not `node:fs/promises`: Node loads it when it is first asked for.
import { fstatSync, ftruncateSync, promises } from 'node:fs';
import { repairTail, tornMessage } from './repair-tail.ts';
import {
  eraseBytes,
  type FileIdentity,
  identityOf,
  isSameFile,
  type OpenFile,
  readBytes,
} from './open-file.ts';
import { SinkError } from '../sink-error.ts';
import { isBlank, isTornObject } from './torn-line.ts';

/**
 * The most bytes, appended by other processes, in which this process searches for its own batch.
 */
const MAX_SEARCH_BYTES = 64 * 1024 * 1024;

const LINE_BREAK = 0x0a;

/** A file to which this process, and perhaps others, append whole lines. */
export class AppendFile {
  readonly #file: OpenFile;
  readonly #report: (what: string) => void;
  /** The last known size, in bytes. */
  #size: number;
  /** True if the file is known to end with a line break. */
  #isWhole: boolean;
  /** True if another process has appended to the file. */
  #isShared = false;

  private constructor(file: OpenFile, size: number, report: (what: string) => void) {
    this.#file = file;
    this.#size = size;
    this.#isWhole = size === 0;
    this.#report = report;
  }

  /**
   * Opens a file, or creates it.
   *
   * @param report called with a message for each repair of the file
   */
  static async open(
    path: string,
    mode: number,
    report: (what: string) => void,
  ): Promise<AppendFile> {
    const handle = await promises.open(path, 'a+', mode);
    try {
      const stats = await handle.stat({ bigint: true });
      const file = { path, handle, identity: identityOf(stats) };
      return new AppendFile(file, Number(stats.size), report);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** The last known size, in bytes. */
  get size(): number {
    return this.#size;
  }

  /** Returns true if this is the file with that identity. */
  is(identity: FileIdentity): boolean {
    return isSameFile(this.#file.identity, identity);
  }

  /** Records the current size, in bytes, which another process may have changed. */
  observe(size: number): void {
    if (size === this.#size) return;
    if (size > this.#size) this.#isShared = true;
    this.#size = size;
    this.#isWhole = size === 0;
  }

  /** Ensures that the file ends with a line break. */
  async repair(): Promise<void> {
    if (this.#isWhole || this.#size === 0) return;
    const { handle } = this.#file;
    const [last] = await readBytes(handle, this.#size - 1, this.#size);
    if (last !== LINE_BREAK) {
      await repairTail(this.#file, this.#report);
      this.#size = (await handle.stat()).size;
    }
    this.#isWhole = true;
  }

  /**
   * Appends lines with one system call, so that no other process writes between them.
   *
   * @param lines text that ends with a line break
   * @throws SinkError if only a part could be written; no incomplete line of that part stays in the
   *   file
   */
  async append(lines: Buffer): Promise<void> {
    const { path, handle } = this.#file;
    this.#isWhole = false;
    const { bytesWritten } = await handle.write(lines);
    if (bytesWritten < lines.length) {
      await this.#undo(lines.subarray(0, bytesWritten));
      throw new SinkError(
        `${path}: only ${bytesWritten} of ${lines.length} bytes could be written; the disk is full, or a quota or file size limit is reached`,
      );
    }
    const before = this.#size;
    this.#size = fstatSync(handle.fd).size;
    this.#isWhole = this.#size === before + lines.length;
    if (!this.#isWhole) await this.#repairSeam(lines, before);
  }

  /** Waits until the appended lines are on the disk. */
  async sync(): Promise<void> {
    await this.#file.handle.datasync();
  }

  /** Closes the file. */
  async close(): Promise<void> {
    await this.#file.handle.close();
  }

  /** Removes a partly written batch. */
  async #undo(piece: Buffer): Promise<void> {
    const { handle } = this.#file;
    const before = this.#size;
    // Synchronous: during an `await`, another process could append a line, which would be cut off.
    if (!this.#isShared && fstatSync(handle.fd).size === before + piece.length) {
      ftruncateSync(handle.fd, before);
      return;
    }
    this.#isShared = true;
    // A file that others append to must not be truncated. The whole lines of the piece stay.
    const [added, at] = await this.#find(piece, before);
    const torn = piece.lastIndexOf(LINE_BREAK) + 1;
    if (added === undefined || torn === piece.length) return;
    await eraseBytes(this.#file, before + at + torn, before + at + piece.length);
  }

  /**
   * Erases an incomplete line directly before these lines. Another process leaves one when it is
   * killed while it appends.
   */
  async #repairSeam(lines: Buffer, before: number): Promise<void> {
    this.#isShared = true;
    const [added, at] = await this.#find(lines, before);
    if (added === undefined) return;
    const start = added.subarray(0, at).lastIndexOf(LINE_BREAK) + 1;
    const torn = added.subarray(start, at);
    if (isBlank(torn) || !isTornObject(torn)) return;
    if (await eraseBytes(this.#file, before + start, before + at))
      this.#report(tornMessage(torn.length));
  }

  /**
   * Returns the bytes appended after a position, and the offset in them of those that this process
   * appended. Records have ids, so no other bytes are equal. Returns nothing if the file was
   * emptied.
   */
  async #find(bytes: Buffer, after: number): Promise<[Buffer, number] | [undefined]> {
    const { handle } = this.#file;
    const { size } = await handle.stat();
    const added = await readBytes(handle, after, Math.min(size, after + MAX_SEARCH_BYTES));
    const at = added.indexOf(bytes);
    return at === -1 ? [undefined] : [added, at];
  }
}
