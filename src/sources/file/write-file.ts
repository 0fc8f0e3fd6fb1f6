import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fchmodSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { SourceError } from '../../errors/store-errors.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { nameOfKind } from './file-kind.ts';
import { codeOf } from './file-questions.ts';

/** The permission bits of a file's mode. */
const PERMISSIONS = 0o7777;

/** The options of `writeFileAtomically`. */
export interface WriteOptions {
  /** The file's path as the user gave it, for messages. */
  readonly shown: string;
  /**
   * The text that the change was made to; null if the file did not exist. If the file has different
   * content by now, someone else has changed it, and nothing is written.
   */
  readonly madeFrom?: string | null;
}

/**
 * Writes a file completely or not at all: readers see the old text or the new one, even if the machine
 * stops during the write. Follows links and keeps the file's permissions.
 *
 * @param path absolute
 * @throws SourceError (`source`) if the file can't be written, is not a regular file, or someone else has
 *   changed it
 */
export function writeFileAtomically(
  path: string,
  text: string,
  { shown, madeFrom }: WriteOptions,
): void {
  const target = targetOf(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    writeDurably(temporary, text, modeOf(target, shown));
    if (madeFrom !== undefined) assertUnchanged(target, madeFrom, shown);
    renameSync(temporary, target);
    syncDirectory(dirname(target));
  } catch (error) {
    rmSync(temporary, { force: true });
    if (error instanceof SourceError) throw error;
    throw new SourceError(`can't write ${shown}: ${unwritableReason(error)}`, { cause: error });
  }
}

/** Returns the reason why a file can't be written, and the remedy. */
function unwritableReason(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'its directory does not exist; create it first';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'this process is not allowed to write there; change the permissions or name another path';
    default:
      return thrownMessage(error);
  }
}

/** Compares bytes: a file that is not UTF-8 can be decoded, but would be written back differently. */
function assertUnchanged(path: string, madeFrom: string | null, shown: string): void {
  const current = existsSync(path) ? readFileSync(path) : null;
  if (madeFrom === null ? current === null : current?.equals(Buffer.from(madeFrom))) return;
  throw new SourceError(
    current?.toString() === madeFrom
      ? `${shown} is not UTF-8, so nothing was written; convert it to UTF-8 first`
      : `${shown} was changed by someone else in the meantime, so nothing was written; try again`,
  );
}

/** Returns the file that a link leads to: renaming onto the link itself would replace the link. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * Returns the file's mode; undefined for a new file, which gets the user's default.
 *
 * @throws SourceError (`source`) for a pipe, a socket, a device or a directory, which the new file would
 *   replace
 */
function modeOf(path: string, shown: string): number | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined || stats.isFile()) return stats?.mode;
  throw new SourceError(
    `${shown} is ${nameOfKind(stats)}, so nothing was written; name a regular file`,
  );
}

function writeDurably(path: string, text: string, mode: number | undefined): void {
  const file = openSync(path, 'wx');
  try {
    // Before the text is written, so that no one without permission can read it.
    if (mode !== undefined) fchmodSync(file, mode & PERMISSIONS);
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the rename durable; Windows can't open directories and does not need this. */
function syncDirectory(path: string): void {
  let directory: number;
  try {
    directory = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(directory);
  } catch {
    // Some file systems can't sync directories.
  } finally {
    closeSync(directory);
  }
}
