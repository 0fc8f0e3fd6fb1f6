import { type BigIntStats, promises } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type OnceLogger, onceLogger, safeLogger } from '../../../runtime/logger.ts';
import { thrownMessage } from '../../../errors/thrown.ts';
import type { EventRecord } from '../../records/record.ts';
import type { Sink } from '../../delivery/sink.ts';
import { AppendFile } from './append-file.ts';
import {
  checkFileOptions,
  DEFAULT_MODE,
  DEFAULT_PATH,
  type FileSinkOptions,
  rotationOf,
} from './file-sink-options.ts';
import { encodeLines } from '../json-lines.ts';
import { identityOf } from './open-file.ts';
import { deleteOldest, isDue, putAway, type Rotation } from './rotation.ts';
import { SinkError } from '../sink-error.ts';
import { Turns } from './turns.ts';

/**
 * Returns a sink that appends JSON lines to a file. Each batch is one system call, so several
 * processes may append to the same file on a local disk. NFS does not append atomically, so don't
 * share a file there. The file is opened with the first batch, and again after it was renamed or
 * deleted. An incomplete last line, left by a process that was killed, is erased and logged.
 *
 * When the disk is full, the batch is rejected and removed from the file. If other processes append
 * to the same file, whole lines of the batch may stay, and the retry writes them again.
 *
 * @throws OptionError (`option`) for invalid options
 */
export function fileSink(options: FileSinkOptions = {}): Sink {
  return new FileSink(checkFileOptions(options));
}

class FileSink implements Sink {
  readonly name = 'file';
  readonly #path: string;
  readonly #mode: number;
  readonly #isSynced: boolean;
  readonly #rotation: Rotation | undefined;
  readonly #log: OnceLogger;
  readonly #report: (what: string) => void;
  readonly #turns = new Turns();
  #file: AppendFile | undefined;
  #isClosed = false;

  constructor(options: FileSinkOptions) {
    this.#path = resolve(options.path ?? DEFAULT_PATH);
    this.#mode = options.mode ?? DEFAULT_MODE;
    this.#isSynced = options.fsync === 'batch';
    this.#rotation = rotationOf(options.rotate);
    const logger = safeLogger(options.logger);
    this.#log = onceLogger(logger);
    this.#report = (what) => logger.warn(`evenhand: exposures file ${this.#path}: ${what}`);
  }

  async write(
    batch: readonly EventRecord[],
    { signal }: { readonly signal: AbortSignal },
  ): Promise<void> {
    if (this.#isClosed) throw new SinkError('the file sink is closed', { permanent: true });
    signal.throwIfAborted();
    if (batch.length === 0) return;
    const lines = Buffer.from(encodeLines(batch));
    await this.#turns.run(() => this.#append(lines, signal), signal);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#turns.finish(() => this.#letGo());
  }

  async #append(lines: Buffer, signal: AbortSignal): Promise<void> {
    const file = await this.#fileFor(lines.length);
    // A caller that stopped waiting retries the batch, so it must not be written now.
    signal.throwIfAborted();
    await file.append(lines);
    if (this.#isSynced) await file.sync();
  }

  /** Returns the file at the path, rotated if necessary and without an incomplete last line. */
  async #fileFor(bytes: number): Promise<AppendFile> {
    const stats = await this.#look();
    const file = await this.#open(stats);
    await file.repair();
    if (stats === undefined || this.#rotation === undefined) return file;
    const seen = { size: Number(stats.size), lastMs: Number(stats.mtimeMs) };
    const now = Date.now();
    if (!isDue(this.#rotation, seen, bytes, now)) return file;
    await this.#letGo();
    try {
      await putAway(this.#path, identityOf(stats), now);
    } catch (error) {
      // A file that is too large is better than lost records.
      this.#warn('the file cannot be rotated and keeps growing', error);
    }
    const opened = await this.#open(await this.#look());
    await opened.repair();
    await deleteOldest(this.#path, this.#rotation.keep).catch((error: unknown) => {
      this.#warn('a rotated file cannot be deleted', error);
    });
    return opened;
  }

  /** Returns the state of the file at the path; undefined if there is none. */
  async #look(): Promise<BigIntStats | undefined> {
    const stats = await promises
      .stat(this.#path, { bigint: true })
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
    // Opening a pipe without a reader would block, and the process could not end.
    if (stats === undefined || stats.isFile()) return stats;
    throw new SinkError(
      `${this.#path} is not a regular file; use stdoutSink() for standard output, or callbackSink() for anything else`,
    );
  }

  async #open(stats: BigIntStats | undefined): Promise<AppendFile> {
    if (stats !== undefined && this.#file?.is(identityOf(stats)) === true) {
      this.#file.observe(Number(stats.size));
      return this.#file;
    }
    await this.#letGo();
    if (stats === undefined) await promises.mkdir(dirname(this.#path), { recursive: true });
    this.#file = await AppendFile.open(this.#path, this.#mode, this.#report);
    if (stats === undefined && this.#isSynced) await syncDirectory(dirname(this.#path));
    return this.#file;
  }

  async #letGo(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  #warn(what: string, error: unknown): void {
    // The key is not the message, because that contains the time.
    const { code } = error as NodeJS.ErrnoException;
    const reason = thrownMessage(error);
    this.#log.warn(`${what} ${code}`, `evenhand: exposures file ${this.#path}: ${what}: ${reason}`);
  }
}

/** Flushes a directory: without it, a power failure loses the name of a new file. */
async function syncDirectory(path: string): Promise<void> {
  // Windows cannot flush directories.
  if (process.platform === 'win32') return;
  const directory = await promises.open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
