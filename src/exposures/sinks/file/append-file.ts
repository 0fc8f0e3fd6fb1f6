// `promises`, not `node:fs/promises`: Node loads it when it is first asked for.
import { fstatSync, ftruncateSync, promises } from 'node:fs';
import { mendTail, tornMessage } from './mend-tail.ts';
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

/** How far a batch is looked for behind what other processes have appended. */
const MAX_SEARCH_BYTES = 64 * 1024 * 1024;

const LINE_BREAK = 0x0a;

/** A file to which whole lines are appended, by this process and perhaps by others. */
export class AppendFile {
  readonly #file: OpenFile;
  readonly #say: (what: string) => void;
  /** As last seen, in bytes. */
  #size: number;
  /** Whether it ends with a line break, as far as is known. */
  #isWhole: boolean;
  /** Whether another process has been seen to append. */
  #isShared = false;

  private constructor(file: OpenFile, size: number, say: (what: string) => void) {
    this.#file = file;
    this.#size = size;
    this.#isWhole = size === 0;
    this.#say = say;
  }

  /**
   * Opens a file, or creates it.
   *
   * @param say called with what had to be mended
   */
  static async open(path: string, mode: number, say: (what: string) => void): Promise<AppendFile> {
    const handle = await promises.open(path, 'a+', mode);
    try {
      const stats = await handle.stat({ bigint: true });
      const file = { path, handle, identity: identityOf(stats) };
      return new AppendFile(file, Number(stats.size), say);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** In bytes, as last seen. */
  get size(): number {
    return this.#size;
  }

  /** Whether this is the file a path leads to now. */
  is(identity: FileIdentity): boolean {
    return isSameFile(this.#file.identity, identity);
  }

  /** Takes note of the size it has now, in bytes: another process may have appended, or emptied it. */
  observe(size: number): void {
    if (size === this.#size) return;
    if (size > this.#size) this.#isShared = true;
    this.#size = size;
    this.#isWhole = size === 0;
  }

  /** Makes sure that it ends with a line break. */
  async mend(): Promise<void> {
    if (this.#isWhole || this.#size === 0) return;
    const { handle } = this.#file;
    const [last] = await readBytes(handle, this.#size - 1, this.#size);
    if (last !== LINE_BREAK) {
      await mendTail(this.#file, this.#say);
      this.#size = (await handle.stat()).size;
    }
    this.#isWhole = true;
  }

  /**
   * Appends lines with one call into the system, which no other process's come between.
   *
   * @param lines ended by a line break
   * @throws SinkError where only a part could be written; of that part no torn line stays
   */
  async append(lines: Buffer): Promise<void> {
    const { path, handle } = this.#file;
    this.#isWhole = false;
    const { bytesWritten } = await handle.write(lines);
    if (bytesWritten < lines.length) {
      await this.#undo(lines.subarray(0, bytesWritten));
      throw new SinkError(
        `${path}: only ${bytesWritten} of ${lines.length} bytes could be written; the disk, a quota or the limit for files is full`,
      );
    }
    const before = this.#size;
    this.#size = fstatSync(handle.fd).size;
    this.#isWhole = this.#size === before + lines.length;
    if (!this.#isWhole) await this.#mendSeam(lines, before);
  }

  /** Waits until what was appended is on the disk. */
  async sync(): Promise<void> {
    await this.#file.handle.datasync();
  }

  /** Lets go of it. */
  async close(): Promise<void> {
    await this.#file.handle.close();
  }

  /** Takes a piece of a batch away again. */
  async #undo(piece: Buffer): Promise<void> {
    const { handle } = this.#file;
    const before = this.#size;
    // At once, without waiting in between: a line appended by another process would be cut off.
    if (!this.#isShared && fstatSync(handle.fd).size === before + piece.length) {
      ftruncateSync(handle.fd, before);
      return;
    }
    this.#isShared = true;
    // Nothing can be cut off from a file that others append to. The whole lines of the piece stay.
    const [added, at] = await this.#find(piece, before);
    const torn = piece.lastIndexOf(LINE_BREAK) + 1;
    if (added === undefined || torn === piece.length) return;
    await eraseBytes(this.#file, before + at + torn, before + at + piece.length);
  }

  /**
   * Where another process has appended just before these lines, and was killed in the middle, the
   * first of them follows a torn line: that is erased from before it.
   */
  async #mendSeam(lines: Buffer, before: number): Promise<void> {
    this.#isShared = true;
    const [added, at] = await this.#find(lines, before);
    if (added === undefined) return;
    const start = added.subarray(0, at).lastIndexOf(LINE_BREAK) + 1;
    const torn = added.subarray(start, at);
    if (isBlank(torn) || !isTornObject(torn)) return;
    if (await eraseBytes(this.#file, before + start, before + at))
      this.#say(tornMessage(torn.length));
  }

  /**
   * What was appended after a position, and where in it are the bytes that this process has appended.
   * Nothing else looks like them, as records have ids. Nothing where the file has been emptied.
   */
  async #find(bytes: Buffer, after: number): Promise<[Buffer, number] | [undefined]> {
    const { handle } = this.#file;
    const { size } = await handle.stat();
    const added = await readBytes(handle, after, Math.min(size, after + MAX_SEARCH_BYTES));
    const at = added.indexOf(bytes);
    return at === -1 ? [undefined] : [added, at];
  }
}
