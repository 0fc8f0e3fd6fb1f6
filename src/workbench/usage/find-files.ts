import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unreadable } from '../../sources/file/unreadable.ts';
import { VIEW_EXTENSIONS } from './find-in-view.ts';

/** The extensions of scripts. */
export const SCRIPT_EXTENSIONS: ReadonlySet<string> = new Set(
  ['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx'].map((name) => `.${name}`),
);

/** Folders in which nobody's own code is; also passed over are those whose names begin with a dot. */
const PASSED_OVER = new Set(['node_modules', 'dist', 'build', 'coverage']);

/** Larger files are data, or made by a tool. */
const MAX_BYTES = 2_000_000;

/** Whether a path below a directory is passed over. */
type Ignore = (name: string, isFolder: boolean) => boolean;

/**
 * The scripts and views in a file or folder, in the order of their names. Passed over are
 * `node_modules`, `dist`, `build`, `coverage`, hidden folders, files over 2 MB, declaration files,
 * links, and the names that a `.gitignore` on the way lists.
 *
 * @param path absolute
 * @param shown the path as the user gave it, which results begin with
 * @throws SourceError (`source`) where it can't be read
 */
export function findFiles(path: string, shown: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [shown];
    return [...filesIn(path, shown === '.' ? '' : shown.replace(/\/+$/, ''), [])];
  } catch (error) {
    throw unreadable(shown, error);
  }
}

function* filesIn(path: string, shown: string, ignored: readonly Ignore[]): Generator<string> {
  const entries = readdirSync(path, { withFileTypes: true });
  const hasIgnore = entries.some((entry) => entry.name === '.gitignore' && entry.isFile());
  const own = hasIgnore ? [readIgnore(path)] : [];
  const all = [...ignored, ...own];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const { name } = entry;
    const isFolder = entry.isDirectory();
    if (all.some((ignore) => ignore(name, isFolder))) continue;
    const inner = shown === '' ? name : `${shown}/${name}`;
    if (isFolder) {
      if (PASSED_OVER.has(name) || name.startsWith('.')) continue;
      yield* filesIn(join(path, name), inner, all);
    } else if (entry.isFile() && isCode(name) && statSync(join(path, name)).size <= MAX_BYTES) {
      yield inner;
    }
  }
}

/** The extension that tells how a file is read, in small letters. */
export function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf('.')).toLowerCase();
}

function isCode(name: string): boolean {
  const extension = extensionOf(name);
  return (
    (SCRIPT_EXTENSIONS.has(extension) && !/\.d\.[cm]?ts$/.test(name)) ||
    VIEW_EXTENSIONS.has(extension)
  );
}

/**
 * The simple patterns of a `.gitignore`: names, with `*` and a slash at the end, which count in all
 * folders below. Patterns with another slash or with `!` are left to git.
 */
function readIgnore(path: string): Ignore {
  const patterns = readFileSync(join(path, '.gitignore'), 'utf8')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => /^[^#!/][^/?[\]]*\/?$/.test(line))
    .map((line) => ({
      onlyFolders: line.endsWith('/'),
      matches: wildcard(line.replace(/\/$/, '')),
    }));
  return (name, isFolder) =>
    patterns.some(({ onlyFolders, matches }) => (isFolder || !onlyFolders) && matches(name));
}

/** Matches a name by parts in order; no regular expression, whose time a pattern could blow up. */
function wildcard(pattern: string): (name: string) => boolean {
  const [first = '', ...rest] = pattern.split('*');
  return (name) => {
    if (rest.length === 0) return name === first;
    if (!name.startsWith(first)) return false;
    const last = rest.at(-1) ?? '';
    let at = first.length;
    for (const part of rest.slice(0, -1)) {
      const found = name.indexOf(part, at);
      if (found === -1) return false;
      at = found + part.length;
    }
    return name.length - last.length >= at && name.endsWith(last);
  };
}
