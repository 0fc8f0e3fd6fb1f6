import { promises } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { SourceError } from '../errors/store-errors.ts';
import { nodeCrypto } from '../runtime/node-crypto.ts';
import { thrownMessage } from '../errors/thrown.ts';
import { notRegular } from './file/file-kind.ts';
import { codeOf, readTextNow } from './file/file-questions.ts';
import type { Revision } from '../specification/types.ts';
import type { RawSpecification } from '../specification/raw.ts';
import { isRaw } from './source.ts';

/** The version of the file format; files of other versions are not read. */
const FORM = 1;

/** Milliseconds before a failed write is repeated. */
const RETRY_MS = 60_000;

/** File permissions: a specification may contain internal names and rules. */
const OWNER_ONLY = 0o600;

/** The content of a cache file. */
export interface Cached {
  readonly raw: RawSpecification;
  /** The time of the source's delivery: ISO 8601. */
  readonly savedAt: string;
}

/**
 * The file that keeps the last valid specification for a start while the source is down. Writes are
 * atomic: readers find the old specification or the new one.
 */
export class CacheFile {
  /** Absolute. */
  readonly path: string;
  private readonly failed: (problem: SourceError) => void;
  private readonly written: () => void;
  private waiting: string | undefined;
  private writing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;

  /**
   * @param path relative to the current working directory
   * @param failed called after each failed write, which is repeated later
   * @param written called after each successful write
   */
  constructor(
    path: string,
    failed: (problem: SourceError) => void,
    written: () => void = () => {},
  ) {
    this.path = resolve(path);
    this.failed = failed;
    this.written = written;
  }

  /**
   * Reads the kept specification; returns undefined if the file does not exist.
   *
   * @throws SourceError (`source`) if the file is unreadable or not a cache file
   */
  read(): Cached | undefined {
    let text: string;
    try {
      text = readTextNow(this.path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw this.error(`can't be read: ${thrownMessage(error)}`, error);
    }
    const cached = parse(text);
    if (cached === undefined) {
      throw this.error(
        'is not a cache file of this version; delete it or set "cacheFile" to another path',
      );
    }
    return cached;
  }

  /** Starts to write a delivery. */
  save(raw: RawSpecification, revision: Revision | undefined): void {
    const savedAt = new Date().toISOString();
    try {
      this.waiting = `${JSON.stringify({ form: FORM, savedAt, raw: { ...raw, revision, changes: undefined } })}\n`;
    } catch (error) {
      this.failed(
        this.error(
          `can't store this specification because it is not JSON: ${thrownMessage(error)}`,
          error,
        ),
      );
      return;
    }
    this.flush();
  }

  /** Resolves when the pending write has succeeded or failed. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.writing;
    clearTimeout(this.timer);
  }

  /** Starts a write unless one is running; the running one continues with the latest delivery. */
  private flush(): void {
    clearTimeout(this.timer);
    this.writing ??= this.write().finally(() => {
      this.writing = undefined;
    });
  }

  private async write(): Promise<void> {
    while (this.waiting !== undefined) {
      const text = this.waiting;
      this.waiting = undefined;
      try {
        await replaceFile(this.path, text);
        this.written();
      } catch (error) {
        this.waiting ??= text;
        this.timer = setTimeout(() => this.flush(), RETRY_MS);
        this.timer.unref();
        this.failed(this.error(`can't be written: ${messageWithoutPath(error)}`, error));
        return;
      }
    }
  }

  private error(what: string, cause?: unknown): SourceError {
    return new SourceError(`the cache file ${this.path} ${what}`, { cause });
  }
}

/** Returns the message without the random name of the temporary file, so that repeats are recognised. */
function messageWithoutPath(error: unknown): string {
  const message = thrownMessage(error);
  return message.split(', ', 1)[0] ?? message;
}

/**
 * Replaces a file atomically: after a crash it holds the old text or the new one. Rejects for a pipe, a
 * socket, a device or a directory, which the rename would replace.
 */
async function replaceFile(path: string, text: string): Promise<void> {
  const { open, rename, rm, stat } = promises;
  const temporary = join(
    dirname(path),
    `.${basename(path)}.${nodeCrypto().randomBytes(6).toString('hex')}`,
  );
  try {
    const file = await open(temporary, 'wx', OWNER_ONLY);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    const kind = await stat(path).catch(() => undefined);
    if (kind !== undefined && !kind.isFile()) {
      throw notRegular(kind);
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Parses a cache file without validating the specification; returns undefined for any other file. */
function parse(text: string): Cached | undefined {
  let kept: unknown;
  try {
    kept = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof kept !== 'object' || kept === null) return undefined;
  if (!('form' in kept) || kept.form !== FORM || !('raw' in kept)) return undefined;
  if (!('savedAt' in kept) || typeof kept.savedAt !== 'string') return undefined;
  return isRaw(kept.raw) ? { raw: kept.raw, savedAt: kept.savedAt } : undefined;
}
