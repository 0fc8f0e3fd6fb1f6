import { type FSWatcher, watch } from 'node:fs';
import { SourceError } from '../../errors/store-errors.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { isMissing } from './file-questions.ts';
import { pause } from '../../runtime/pause.ts';

/** Milliseconds after an event before the directories are checked: replacing them takes a moment. */
const RECHECK_MS = 250;

/** The number of checks in a row at which a directory may be missing: replacing a link takes steps. */
const MOST_MOVES = 4;

/** A watched directory and its identity. */
export interface WatchedDirectory {
  readonly path: string;
  /** Changes when another directory takes its place. */
  readonly identity: string;
}

/**
 * Watches directories rather than files, because editors replace files by renaming and deployments
 * retarget links. If a directory itself is replaced, the new one is watched.
 *
 * @param find returns the current directories
 * @param changed called when watching starts and after each event
 * @param signal ends the watching
 * @throws SourceError (`source`) if a directory can't be watched; a missing one is checked a few times
 *   before, because it may be being replaced
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

/** Resolves when aborted, or when a directory has been replaced. */
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
        // A watcher must not keep the process alive.
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
