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
 * A sink that appends JSON lines to a file: whole lines only, one call into the system for each batch,
 * so that several processes may append to one file of a local disk (not over NFS, which does not
 * append in one go). The file is opened with the first batch, and opened anew when it was renamed or
 * deleted. What a killed process left torn at its end is erased and said.
 *
 * A full disk rejects the batch, and leaves nothing of it; where other processes append to the same
 * file, whole lines of it may stay, and come again with the next try.
 *
 * @throws OptionError (`option`) for options that can't be meant
 */
export function fileSink(options: FileSinkOptions = {}): Sink {
  checkFileOptions(options);
  return new FileSink(options);
}

class FileSink implements Sink {
  readonly name = 'file';
  readonly #path: string;
  readonly #mode: number;
  readonly #isSynced: boolean;
  readonly #rotation: Rotation | undefined;
  readonly #log: OnceLogger;
  readonly #say: (what: string) => void;
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
    this.#say = (what) => logger.warn(`evenhand: exposures file ${this.#path}: ${what}`);
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
    // Who gave up must not find the batch written after all: it comes again.
    signal.throwIfAborted();
    await file.append(lines);
    if (this.#isSynced) await file.sync();
  }

  /** The file that the path leads to, without a torn line; put away before if that is due. */
  async #fileFor(bytes: number): Promise<AppendFile> {
    const stats = await this.#look();
    const file = await this.#open(stats);
    await file.mend();
    if (stats === undefined || this.#rotation === undefined) return file;
    const seen = { size: Number(stats.size), lastMs: Number(stats.mtimeMs) };
    const now = Date.now();
    if (!isDue(this.#rotation, seen, bytes, now)) return file;
    await this.#letGo();
    try {
      await putAway(this.#path, identityOf(stats), now);
    } catch (error) {
      // A file that gets too large is better than records that get lost.
      this.#warn('it can not be put away, and goes on growing', error);
    }
    const opened = await this.#open(await this.#look());
    await opened.mend();
    await deleteOldest(this.#path, this.#rotation.keep).catch((error: unknown) => {
      this.#warn('a file that was put away can not be deleted', error);
    });
    return opened;
  }

  /** What the path leads to; undefined where that is nothing. */
  async #look(): Promise<BigIntStats | undefined> {
    const stats = await promises
      .stat(this.#path, { bigint: true })
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
    // Opening a pipe that nobody reads would wait, and keep the process from ending.
    if (stats === undefined || stats.isFile()) return stats;
    throw new SinkError(
      `${this.#path} is no regular file; for standard output use stdoutSink(), for anything else callbackSink()`,
    );
  }

  async #open(stats: BigIntStats | undefined): Promise<AppendFile> {
    if (stats !== undefined && this.#file?.is(identityOf(stats)) === true) {
      this.#file.observe(Number(stats.size));
      return this.#file;
    }
    await this.#letGo();
    if (stats === undefined) await promises.mkdir(dirname(this.#path), { recursive: true });
    this.#file = await AppendFile.open(this.#path, this.#mode, this.#say);
    if (stats === undefined && this.#isSynced) await syncDirectory(dirname(this.#path));
    return this.#file;
  }

  async #letGo(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  #warn(what: string, error: unknown): void {
    // Not by the message, which has the time in it.
    const { code } = error as NodeJS.ErrnoException;
    const reason = thrownMessage(error);
    this.#log.warn(`${what} ${code}`, `evenhand: exposures file ${this.#path}: ${what}: ${reason}`);
  }
}

/** A new name is on the disk only when its directory is. */
async function syncDirectory(path: string): Promise<void> {
  // Windows has no such thing.
  if (process.platform === 'win32') return;
  const directory = await promises.open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
