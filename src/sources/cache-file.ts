import { promises } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { SourceError } from '../errors/store-errors.ts';
import { nodeCrypto } from '../runtime/node-crypto.ts';
import { thrownMessage } from '../errors/thrown.ts';
import { codeOf } from './file/file-questions.ts';
import { readTextNow } from './file/read-text.ts';
import type { Revision } from '../specification/types.ts';
import { isRaw, type RawSpecification } from '../specification/raw.ts';

/** The version of the file's form; another one is not read. */
const FORM = 1;

/** What could not be written is tried again after that long, in milliseconds. */
const RETRY_MS = 60_000;

/** It may say what only the application is to know. */
const OWNER_ONLY = 0o600;

/** What a cache file gives. */
export interface Cached {
  readonly raw: RawSpecification;
  /** When the source delivered it: ISO 8601. */
  readonly savedAt: string;
}

/**
 * Where the last good specification is kept, for a start while the source is down. It is replaced
 * whole or not at all: whoever reads it finds the old one or the new one.
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
   * @param path relative to the working directory as it is now
   * @param failed told each time that the file can't be written; it is tried again
   * @param written told each time that it is
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
   * What was kept; undefined where there is no such file.
   *
   * @throws SourceError (`source`) where it can't be read, or is no cache file
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

  /** Keeps a delivery; soon, not yet when this returns. */
  save(raw: RawSpecification, revision: Revision | undefined): void {
    const savedAt = new Date().toISOString();
    try {
      this.waiting = `${JSON.stringify({ form: FORM, savedAt, raw: { ...raw, revision } })}\n`;
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

  /** Resolves when what was to be kept is, or can't be. */
  async close(): Promise<void> {
    clearTimeout(this.timer);
    await this.writing;
    clearTimeout(this.timer);
  }

  /** One write at a time; of what comes meanwhile, the last. */
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
        this.failed(this.error(`can't be written: ${reasonOf(error)}`, error));
        return;
      }
    }
  }

  private error(what: string, cause?: unknown): SourceError {
    return new SourceError(`the cache file ${this.path} ${what}`, { cause });
  }
}

/** Without the name of the temporary file, so that the same problem reads the same each time. */
function reasonOf(error: unknown): string {
  const message = thrownMessage(error);
  return message.split(', ', 1)[0] ?? message;
}

/** Readers see the old text or the new one, also if the machine stops meanwhile. */
async function replaceFile(path: string, text: string): Promise<void> {
  const { open, rename, rm } = promises;
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
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}

/** Undefined where it is something else; whether the specification is good is not known yet. */
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
