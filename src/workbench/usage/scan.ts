import { resolve } from 'node:path';
import { positionsIn, withoutBom } from '../../json/positions.ts';
import { readText } from '../../sources/file/unreadable.ts';
import { extensionOf, findFiles } from './find-files.ts';
import { findInView, VIEW_EXTENSIONS } from './find-in-view.ts';
import { findUses, type Use } from './find-uses.ts';
import { lexScript } from './lex-script.ts';

/** A use, and where it is. */
export interface Place extends Omit<Use, 'start'> {
  /** As the user would give it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** What a scan of the code has found. */
export interface Scan {
  /** How many files were looked at. */
  readonly files: number;
  readonly places: readonly Place[];
}

/**
 * Finds the places in scripts and views that ask for experiments.
 *
 * @param cwd what relative paths start at
 * @param paths files and folders
 * @throws SourceError (`source`) where a path can't be read
 */
export function scanCode(cwd: string, paths: readonly string[]): Scan {
  const files = new Set(paths.flatMap((path) => findFiles(resolve(cwd, path), path)));
  const places = [...files].flatMap((file) => placesIn(readText(resolve(cwd, file), file), file));
  return { files: files.size, places };
}

/** The places in one file's text. */
export function placesIn(text: string, file: string): Place[] {
  const source = withoutBom(text);
  const extension = extensionOf(file);
  const uses = VIEW_EXTENSIONS.has(extension)
    ? findInView(source, extension)
    : findUses(lexScript(source));
  if (uses.length === 0) return [];
  const position = positionsIn(source);
  return uses.map(({ start, ...use }) => ({ ...use, file, ...position(start) }));
}
