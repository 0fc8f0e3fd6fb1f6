import { renameSync, statSync, promises } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { type FileIdentity, identityOf, isSameFile } from './open-file.ts';

/** The conditions under which a file is rotated, and the number of rotated files that are kept. */
export interface Rotation {
  /** The largest size of a file, in bytes. */
  readonly maxBytes: number;
  /**
   * The length of the period of one file, in milliseconds, counted from 1970; undefined for none.
   */
  readonly periodMs: number | undefined;
  /** The number of rotated files that are kept. */
  readonly keep: number;
}

/** The most names that are tried when names are taken. */
const MAX_TRIES = 1000;

/** The time in the name of a rotated file, between its stem and its extension. */
const STAMP = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/;

/**
 * Returns true if a file must be rotated before lines are appended.
 *
 * @param file its size in bytes, and the time of the last append in milliseconds since 1970
 * @param bytes the size of the lines to append
 * @param now in milliseconds since 1970; if the clock was set back to before `lastMs`, no period
 *   has ended
 */
export function isDue(
  { maxBytes, periodMs }: Rotation,
  file: { readonly size: number; readonly lastMs: number },
  bytes: number,
  now: number,
): boolean {
  if (file.size === 0) return false;
  if (file.size + bytes > maxBytes) return true;
  return periodMs !== undefined && Math.floor(file.lastMs / periodMs) < Math.floor(now / periodMs);
}

/** Returns the name of a file rotated at a time: `exposures.2027-01-31T12-00-00.000Z.ndjson`. */
export function rotatedName(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(':', '-');
  const extension = extname(path);
  return `${basename(path, extension)}.${stamp}${extension}`;
}

/**
 * Rotates a file: renames it to a unique name that contains the time.
 *
 * @param identity the file's identity; if another process has rotated the file already, nothing is
 *   done
 * @param now in milliseconds since 1970
 */
export async function putAway(path: string, identity: FileIdentity, now: number): Promise<void> {
  // The target of a symbolic link is renamed, so that the link keeps its target.
  const file = await promises.realpath(path).catch(undefinedIfGone);
  if (file === undefined) return;
  const target = await claimName(file, now);
  let isDone = false;
  try {
    // Synchronous: during an `await`, another process could rotate the file and start a new one.
    const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
    if (stats !== undefined && isSameFile(identity, identityOf(stats))) {
      renameSync(file, target);
      isDone = true;
    }
  } catch (error) {
    undefinedIfGone(error);
  } finally {
    if (!isDone) await promises.unlink(target).catch(undefinedIfGone);
  }
}

/** Creates an empty file, so that its name is reserved for the rename. */
async function claimName(path: string, now: number): Promise<string> {
  for (let tries = 0; ; tries += 1) {
    const target = join(dirname(path), rotatedName(path, now + tries));
    try {
      await (await promises.open(target, 'wx')).close();
      return target;
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EEXIST';
      if (!isTaken || tries >= MAX_TRIES) throw error;
    }
  }
}

/** Deletes all rotated files but the newest `keep`, by the time in their names. */
export async function deleteOldest(path: string, keep: number): Promise<void> {
  if (keep === Number.POSITIVE_INFINITY) return;
  const file = await promises.realpath(path).catch(undefinedIfGone);
  if (file === undefined) return;
  const extension = extname(file);
  const prefix = `${basename(file, extension)}.`;
  const isRotated = (name: string): boolean =>
    name.startsWith(prefix) &&
    name.endsWith(extension) &&
    STAMP.test(name.slice(prefix.length, name.length - extension.length));
  const rotated = (await promises.readdir(dirname(file))).filter(isRotated);
  rotated.sort((one, other) => (one < other ? 1 : -1));
  for (const name of rotated.slice(keep)) {
    await promises.unlink(join(dirname(file), name)).catch(undefinedIfGone);
  }
}

/** Ignores that another process has moved or deleted a file; throws any other error. */
function undefinedIfGone(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
