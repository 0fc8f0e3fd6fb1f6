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

/** The bits of a file's mode that say who may do what. */
const PERMISSIONS = 0o7777;

/** How a file is written. */
export interface WriteOptions {
  /** The file's path as the user gave it, for messages. */
  readonly shown: string;
  /**
   * The text the new one was made from: where the file says something else by now, somebody has
   * changed it, and nothing is written. Null: there was no file.
   */
  readonly madeFrom?: string | null;
}

/**
 * Writes a file whole or not at all: readers see the old text or the new one, also if the machine
 * stops meanwhile. A link is followed, and the file keeps its permissions.
 *
 * @param path absolute
 * @throws SourceError (`source`) where it can't be written, or was changed by somebody else
 */
export function writeFileAtomically(
  path: string,
  text: string,
  { shown, madeFrom }: WriteOptions,
): void {
  const target = targetOf(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    writeDurably(temporary, text, modeOf(target));
    if (madeFrom !== undefined) assertUnchanged(target, madeFrom, shown);
    renameSync(temporary, target);
    syncDirectory(dirname(target));
  } catch (error) {
    rmSync(temporary, { force: true });
    if (error instanceof SourceError) throw error;
    throw new SourceError(`${shown}: it can't be written: ${thrownMessage(error)}`, {
      cause: error,
    });
  }
}

/** By its bytes: what is not UTF-8 reads as text, and would be written as another. */
function assertUnchanged(path: string, madeFrom: string | null, shown: string): void {
  const current = existsSync(path) ? readFileSync(path) : null;
  if (madeFrom === null ? current === null : current?.equals(Buffer.from(madeFrom))) return;
  throw new SourceError(
    current?.toString() === madeFrom
      ? `${shown} is not in UTF-8, so nothing was written; save it in UTF-8 first`
      : `${shown} was changed by somebody else meanwhile, so nothing was written; try again`,
  );
}

/** Where the text ends up: renaming onto a link would replace the link. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Undefined for a new file, whose mode is the user's default. */
function modeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mode;
}

function writeDurably(path: string, text: string, mode: number | undefined): void {
  const file = openSync(path, 'wx');
  try {
    // Before the text is there: it may not be for everybody.
    if (mode !== undefined) fchmodSync(file, mode & PERMISSIONS);
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the new name last; where directories can't be opened (Windows) there is no need to. */
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
    // Some file systems have no such thing.
  } finally {
    closeSync(directory);
  }
}
