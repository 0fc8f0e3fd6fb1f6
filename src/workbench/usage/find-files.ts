import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { unreadable } from '../../sources/file/unreadable.ts';
import { VIEW_EXTENSIONS } from './find-in-view.ts';

/** The extensions of scripts. */
export const SCRIPT_EXTENSIONS: ReadonlySet<string> = new Set(
  ['js', 'mjs', 'cjs', 'jsx', 'ts', 'mts', 'cts', 'tsx'].map((name) => `.${name}`),
);

/** Folders without source code; folders whose names begin with a dot are skipped too. */
const SKIPPED = new Set(['node_modules', 'dist', 'build', 'coverage']);

/** The largest file that is searched; larger ones are data or generated. */
const MAX_BYTES = 2_000_000;

/** Returns true if an entry below a directory is skipped. */
type Ignore = (name: string, isFolder: boolean) => boolean;

/**
 * Finds the scripts and views in a file or folder, in the order of their names. Skips `node_modules`,
 * `dist`, `build`, `coverage`, hidden folders, files over 2 MB, declaration files, links, and names that
 * a `.gitignore` lists.
 *
 * @param path absolute
 * @param shown the path as the user gave it; results begin with it
 * @throws SourceError (`source`) if the path can't be read
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
      if (SKIPPED.has(name) || name.startsWith('.')) continue;
      yield* filesIn(join(path, name), inner, all);
    } else if (entry.isFile() && isCode(name) && statSync(join(path, name)).size <= MAX_BYTES) {
      yield inner;
    }
  }
}

/** Returns a file's extension in lower case. */
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
 * Reads the simple patterns of a `.gitignore`: names with `*` or a slash at the end, which apply to all
 * folders below. Ignores patterns with any other slash or with `!`.
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

/** Matches a name part by part; a regular expression could take exponential time. */
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
