import { resolve } from 'node:path';
import { SourceError } from '../errors/store-errors.ts';
import { thrownMessage } from '../errors/thrown.ts';
import { codeOf, readTextNow } from './file/file-questions.ts';
import { replaceFile, writeReason } from './file/replace-file.ts';
import type { Revision } from '../specification/types.ts';
import type { RawSpecification } from '../specification/raw.ts';
import { isRaw } from './source.ts';

/** The version of the file format; files of other versions are not read. */
const FORM = 1;

/** Milliseconds before a failed write is repeated. */
const RETRY_MS = 60_000;

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
        this.failed(this.error(`can't be written: ${writeReason(error)}`, error));
        return;
      }
    }
  }

  private error(what: string, cause?: unknown): SourceError {
    return new SourceError(`the cache file ${this.path} ${what}`, { cause });
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
