import { join, parse, resolve, sep } from 'node:path';
import { SourceError } from '../../errors/store-errors.ts';
import { isMissing, namesIn, statOf, type FileQuestions } from './file-questions.ts';

/** More files than that are not meant to be read. */
const MAX_FILES = 10_000;

/** Whether a path has a part that stands for several names. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

/**
 * The files that a path or pattern stands for, sorted; and the directories where others may come.
 *
 * In a pattern `*` is any text and `?` any character of one name, in any part of the path. Neither
 * stands for a slash, nor for the dot that begins a hidden file's name. There is nothing more: no `**`,
 * no brackets, no braces.
 *
 * @param pattern relative to the working directory
 * @throws SourceError (`source`) where a directory can't be read, or there are too many files
 */
export function* expandPattern(
  pattern: string,
): FileQuestions<{ files: string[]; directories: string[] }> {
  const { root } = parse(resolve(pattern));
  const parts = resolve(pattern).slice(root.length).split(sep);
  const directories: string[] = [];
  let paths = [root];
  for (const part of parts) {
    if (!isPattern(part)) {
      paths = paths.map((path) => join(path, part));
      // Not everything that fits the pattern before has this in it.
      if (directories.length > 0) paths = yield* existing(paths);
      continue;
    }
    const found: string[] = [];
    for (const path of paths) {
      const names = yield* namesIn(path);
      // A file whose name fits a directory's pattern.
      if (names === undefined) continue;
      directories.push(path);
      found.push(...names.filter((name) => fits(name, part)).map((name) => join(path, name)));
    }
    if (found.length > MAX_FILES) {
      throw new SourceError(
        `experiments files ${pattern}: ${found.length} files match this pattern; at most ${MAX_FILES} are read`,
      );
    }
    paths = found;
  }
  return { files: paths.sort((a, b) => (a < b ? -1 : 1)), directories };
}

function* existing(paths: readonly string[]): FileQuestions<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    try {
      yield* statOf(path);
      found.push(path);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return found;
}

/**
 * Whether a name fits a part of a pattern. Where a star may have taken too little, only the last star
 * takes one more: no more steps than the two lengths multiplied.
 */
function fits(name: string, part: string): boolean {
  if (name.startsWith('.') && !part.startsWith('.')) return false;
  let at = 0;
  let star = -1;
  let taken = 0;
  for (let i = 0; i < name.length;) {
    if (part[at] === '*') {
      star = at++;
      taken = i;
    } else if (part[at] === '?' || part[at] === name[i]) {
      at++;
      i++;
    } else if (star >= 0) {
      at = star + 1;
      i = ++taken;
    } else {
      return false;
    }
  }
  return /^\**$/.test(part.slice(at));
}
