import { join, parse, resolve, sep } from 'node:path';
import { SourceError } from '../../errors/store-errors.ts';
import { isMissing, namesIn, statOf, type FileQuestions } from './file-questions.ts';

/** The most files that a pattern may match. */
const MAX_FILES = 10_000;

/** Returns true if a path contains a wildcard. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(path);
}

/**
 * Returns the files that a path or pattern matches, sorted, and the directories that may get new ones.
 *
 * In a pattern `*` matches any text and `?` any character of one name, in any part of the path. Neither
 * matches a slash or the dot at the start of a hidden file's name. `**`, brackets and braces are not
 * supported.
 *
 * @param pattern relative to the working directory
 * @throws SourceError (`source`) if a directory can't be read or too many files match
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
      // Not every match of the pattern so far contains this name.
      if (directories.length > 0) paths = yield* existing(paths);
      continue;
    }
    const found: string[] = [];
    for (const path of paths) {
      const names = yield* namesIn(path);
      // A file matches the pattern of a directory.
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
 * Returns true if a name matches a part of a pattern. After a mismatch only the last star takes one more
 * character, so the steps are at most the product of both lengths.
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
