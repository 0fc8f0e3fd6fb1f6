import { resolve } from 'node:path';
import { positionsIn, withoutBom } from '../../json/positions.ts';
import { readCode } from '../../sources/file/unreadable.ts';
import { extensionOf, findFiles } from './find-files.ts';
import { findInView, VIEW_EXTENSIONS } from './find-in-view.ts';
import { findUses, type Use } from './find-uses.ts';
import { lexScript } from './lex-script.ts';

/** A use and its place. */
export interface Place extends Omit<Use, 'start'> {
  /** The path, beginning with the path that the user gave. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** The result of a search through the code. */
export interface Scan {
  /** The number of searched files. */
  readonly files: number;
  readonly places: readonly Place[];
}

/**
 * Finds the places in scripts and views that use experiments.
 *
 * @param cwd the directory that relative paths start from
 * @param paths files and folders
 * @throws SourceError (`source`) if a path can't be read
 */
export function scanCode(cwd: string, paths: readonly string[]): Scan {
  const files = new Set(paths.flatMap((path) => findFiles(resolve(cwd, path), path)));
  const places = [...files].flatMap((file) => placesIn(readCode(resolve(cwd, file), file), file));
  return { files: files.size, places };
}

/** Finds the places in one file's text. */
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
