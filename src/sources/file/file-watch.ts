import { type FSWatcher, watch } from 'node:fs';
import { SourceError } from '../../errors/store-errors.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { isMissing } from './file-questions.ts';
import { pause } from '../../runtime/pause.ts';

/** After an event, directories may still be on the move: how long they are left alone, in milliseconds. */
const RECHECK_MS = 250;

/** So many times in turn a directory may be gone before it is said to be: links are set in steps. */
const MOST_MOVES = 4;

/** A directory that is watched, and which one of all that had its name it is. */
export interface WatchedDirectory {
  readonly path: string;
  /** Changes when another directory takes its place. */
  readonly identity: string;
}

/**
 * Watches directories rather than files: an editor that writes a new file and renames it, and a link
 * that is set to another target, change what is in a directory. Where the directories themselves are
 * replaced, the new ones are watched.
 *
 * @param find gives the directories as they are now
 * @param changed called when it begins to listen, and when anything happens in one of them
 * @param signal ends it
 * @throws SourceError (`source`) where a directory can't be watched; one that is missing is looked for
 *   a few times before, since whoever replaces it may be at it
 */
export async function watchDirectories(
  find: () => Promise<readonly WatchedDirectory[]>,
  changed: () => void,
  signal: AbortSignal,
): Promise<void> {
  let moves = 0;
  while (!signal.aborted) {
    try {
      const directories = await find();
      if (signal.aborted) return;
      await watchUntilMoved(directories, find, changed, signal);
      moves = 0;
    } catch (error) {
      moves += 1;
      if (!isMissing(causeOf(error)) || moves > MOST_MOVES) throw error;
      await pause(RECHECK_MS, signal);
    }
  }
}

/** Resolves when aborted, or when other directories have taken the place of these. */
function watchUntilMoved(
  directories: readonly WatchedDirectory[],
  find: () => Promise<readonly WatchedDirectory[]>,
  changed: () => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const watchers: FSWatcher[] = [];
    let timer: NodeJS.Timeout | undefined;
    const end = (error?: unknown) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      for (const watcher of watchers) watcher.close();
      if (error === undefined) resolve();
      else reject(error);
    };
    const onAbort = () => end();
    const recheck = () => {
      timer = undefined;
      find().then((current) => isSame(current, directories) || end(), end);
    };
    const onEvent = () => {
      changed();
      timer ??= setTimeout(recheck, RECHECK_MS).unref();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      for (const { path } of directories) {
        // The process may end although it listens.
        const watcher = watch(path, { persistent: false }, onEvent);
        watcher.on('error', (error) => end(watchError(path, error)));
        watchers.push(watcher);
      }
    } catch (error) {
      end(watchError(directories[watchers.length]?.path ?? '', error));
      return;
    }
    changed();
  });
}

function isSame(one: readonly WatchedDirectory[], other: readonly WatchedDirectory[]): boolean {
  const identities = new Set(one.map(({ identity }) => identity));
  return one.length === other.length && other.every(({ identity }) => identities.has(identity));
}

function watchError(path: string, cause: unknown): SourceError {
  return new SourceError(`the directory ${path} can't be watched: ${thrownMessage(cause)}`, {
    cause,
  });
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
