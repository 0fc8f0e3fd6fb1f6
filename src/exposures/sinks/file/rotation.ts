import { renameSync, statSync, promises } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { type FileIdentity, identityOf, isSameFile } from './open-file.ts';

/** When a file is put away, and how many of those put away are kept. */
export interface Rotation {
  /** Bytes that a file may have. */
  readonly maxBytes: number;
  /** ms of the periods that each have a file of their own, counted from 1970 on; undefined: none. */
  readonly periodMs: number | undefined;
  /** How many files that were put away are kept. */
  readonly keep: number;
}

/** How often another name is tried where one is taken. */
const MAX_TRIES = 1000;

/** What the names of files that were put away have between stem and extension. */
const STAMP = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z$/;

/**
 * Whether a file has to be put away before lines are appended.
 *
 * @param file its size in bytes, and when it was last appended to, in ms since 1970
 * @param bytes of the lines to come
 * @param now in ms since 1970; where the clock went back behind `lastMs`, no period has ended
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

/** A name for a file put away at a time: `exposures.2027-01-31T12-00-00.000Z.ndjson`. */
export function rotatedName(path: string, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(':', '-');
  const extension = extname(path);
  return `${basename(path, extension)}.${stamp}${extension}`;
}

/**
 * Puts a file away: gives it a name with the time, which no other file has.
 *
 * @param identity of the file meant; where another process has already put it away, nothing is done
 * @param now in ms since 1970
 */
export async function putAway(path: string, identity: FileIdentity, now: number): Promise<void> {
  // Of a link, what it leads to is put away, so that the link goes on leading there.
  const file = await promises.realpath(path).catch(undefinedIfGone);
  if (file === undefined) return;
  const target = await claimName(file, now);
  let isDone = false;
  try {
    // In one go: in between, another process could put it away and begin a new one.
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

/** A new, empty file: its name can be renamed to, as it is nobody else's. */
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

/** Deletes the oldest of the files that were put away, by the time in their names. */
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

/** Nothing, where another process was quicker to take a file away. */
function undefinedIfGone(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
  throw error;
}
