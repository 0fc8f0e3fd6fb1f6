import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { closing } from '../closing.ts';

/** The kinds that can stand at a path in place of a regular file. Devices need rights that tests don't have. */
export const SPECIAL_KINDS = ['a named pipe', 'a socket', 'a directory'] as const;

/** A kind of special file, as messages name it. */
export type SpecialKind = (typeof SPECIAL_KINDS)[number];

/** Makes a special file at a path. */
export async function makeSpecial(kind: SpecialKind, path: string): Promise<void> {
  if (kind === 'a directory') mkdirSync(path);
  else if (kind === 'a named pipe') execFileSync('mkfifo', [path]);
  else {
    const server = closing(createServer());
    await new Promise<void>((resolve) => {
      server.listen(path, resolve);
    });
  }
}

/** Returns the kind of file that stands at a path. */
export function kindAt(path: string): SpecialKind | 'a regular file' {
  const stats = lstatSync(path);
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a named pipe';
  return stats.isSocket() ? 'a socket' : 'a regular file';
}
