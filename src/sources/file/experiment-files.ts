import { dirname, resolve } from 'node:path';
import { SourceError } from '../../errors/store-errors.ts';
import { listNames } from '../../errors/show-value.ts';
import { expandPattern, isPattern } from './file-pattern.ts';
import {
  realPathOf,
  runLater,
  runNow,
  statOf,
  type FileQuestions,
  fileText,
} from './file-questions.ts';
import { unreadableReason } from './unreadable.ts';
import { type WatchedDirectory, watchDirectories } from './file-watch.ts';
import type { RawSpecification } from '../../specification/raw.ts';
import { contentRevision, textsRevision } from '../../specification/read.ts';
import type { Delivery } from '../source.ts';
import type { Revision } from '../../specification/types.ts';

/**
 * Milliseconds for which a changed file may change again without a new time or size: file systems
 * store times in steps, network file systems in whole seconds.
 */
const STEADY_MS = 3000;

/** The state of the files at the last read. */
interface Read {
  readonly revision: Revision;
  /** Identity, size and times of each file. */
  readonly stamp: string;
  /** True if an equal stamp guarantees equal content. */
  readonly steady: boolean;
}

/** The files of a specification: a single file, or several that are merged. */
export class ExperimentFiles {
  private readonly paths: readonly string[];
  private readonly merged: boolean;
  private last: Read | undefined;
  private loading: Promise<Delivery> | undefined;
  private next: Promise<Delivery> | undefined;

  /**
   * @param paths relative to the current working directory; may be patterns if `merged`
   * @param merged true if each file is a part of the specification
   */
  constructor(paths: readonly string[], merged: boolean) {
    this.paths = paths.map((path) => resolve(path));
    this.merged = merged;
  }

  /**
   * Reads the files synchronously.
   *
   * @throws SourceError (`source`) if a file can't be read
   */
  readNow(): RawSpecification {
    return runNow(this.read());
  }

  /**
   * Reads the files without blocking, unless their times show that nothing has changed. Calls during a
   * read wait for it and share the next one, so a file system that hangs is asked once.
   *
   * Rejects with SourceError (`source`) if a file can't be read.
   */
  readLater(known: Revision | undefined): Promise<Delivery> {
    if (this.loading === undefined) {
      this.loading = runLater(this.readIfChanged(known)).finally(() => {
        this.loading = undefined;
      });
      return this.loading;
    }
    // The running read may be older than a change that the caller knows of.
    this.next ??= this.loading
      .catch(() => {})
      .then(() => {
        this.next = undefined;
        return this.readLater(undefined);
      });
    return this.next;
  }

  /** Calls `changed` after each event in the directories of the files, until it is aborted. */
  watch(changed: () => void, signal: AbortSignal): Promise<void> {
    return watchDirectories(() => runLater(this.directories()), changed, signal);
  }

  private *readIfChanged(known: Revision | undefined): FileQuestions<Delivery> {
    const { last } = this;
    if (known !== undefined && last?.steady === true && last.revision === known) {
      const files = yield* this.find();
      const { stamp } = yield* this.look(files);
      if (stamp === last.stamp) return { unchanged: true };
    }
    return yield* this.read();
  }

  private *read(): FileQuestions<RawSpecification> {
    const files = yield* this.find();
    // Stamped before reading: a write during the read then shows at the next look.
    const look = yield* this.look(files);
    const texts: { origin: string; text: string }[] = [];
    for (const origin of files) {
      texts.push({ origin, text: yield* withPath(origin, fileText(origin)) });
    }
    const [only] = texts;
    const raw =
      this.merged || only === undefined
        ? { texts, origin: listNames(this.paths), revision: textsRevision(texts) }
        : { ...only, revision: contentRevision(only.text) };
    this.last = { revision: raw.revision, ...look };
    return raw;
  }

  /** Lists all files once, in the order of the paths. */
  private *find(): FileQuestions<string[]> {
    const files = new Set<string>();
    for (const path of this.paths) {
      if (!this.merged || !isPattern(path)) {
        files.add(path);
        continue;
      }
      const found = yield* withPath(path, expandPattern(path));
      if (found.files.length === 0) {
        throw new SourceError(
          `experiments files ${path}: no file matches this pattern; create one (an empty list, [], is enough)`,
        );
      }
      for (const file of found.files) files.add(file);
    }
    return [...files];
  }

  private *look(files: readonly string[]): FileQuestions<{ stamp: string; steady: boolean }> {
    const stamps: string[] = [];
    let newest = 0;
    for (const file of files) {
      const stat = yield* withPath(file, statOf(file));
      const { dev, ino, size, mtimeNs, ctimeNs } = stat;
      stamps.push([file, dev, ino, size, mtimeNs, ctimeNs].join('\0'));
      newest = Math.max(newest, Number(stat.mtimeMs), Number(stat.ctimeMs));
    }
    return { stamp: stamps.join('\n'), steady: Date.now() - newest > STEADY_MS };
  }

  /** Lists the directories of files and of links to them, and those in which a pattern may match new files. */
  private *directories(): FileQuestions<WatchedDirectory[]> {
    const paths = new Set<string>();
    for (const path of this.paths) {
      if (!this.merged || !isPattern(path)) {
        paths.add(dirname(path));
        paths.add(dirname(yield* realPathIfAny(path)));
        continue;
      }
      const { files, directories } = yield* expandPattern(path);
      for (const directory of directories) paths.add(directory);
      for (const file of files) {
        paths.add(dirname(file));
        paths.add(dirname(yield* realPathIfAny(file)));
      }
    }
    const watched: WatchedDirectory[] = [];
    for (const path of paths) {
      const { dev, ino } = yield* withPath(path, statOf(path));
      watched.push({ path, identity: `${path}\0${dev}\0${ino}` });
    }
    return watched;
  }
}

/** Resolves links; returns the path itself if the file is missing at the moment. */
function* realPathIfAny(path: string): FileQuestions<string> {
  try {
    return yield* realPathOf(path);
  } catch {
    return path;
  }
}

/** Asks the questions; adds the path and a remedy to an error. */
function* withPath<T>(path: string, questions: FileQuestions<T>): FileQuestions<T> {
  try {
    return yield* questions;
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(`experiments file ${path}: ${unreadableReason(error, missingReason())}`, {
      cause: error,
    });
  }
}

/** The reason for a missing file of experiments, with two remedies. */
function missingReason(): string {
  return (
    'no such file; create it (an empty list, [], is enough) or set "source" to another ' +
    `path. Relative paths start at the working directory, ${process.cwd()}`
  );
}
