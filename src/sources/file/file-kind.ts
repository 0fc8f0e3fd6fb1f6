import { constants } from 'node:fs';

/** The part of a file's status that shows its kind. */
export interface FileKind {
  isFile(): boolean;
  isDirectory(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
  isBlockDevice(): boolean;
  isCharacterDevice(): boolean;
}

/**
 * The flags that open a file for reading without waiting: opening a named pipe would otherwise block
 * the process until someone writes to it. They change nothing for a regular file.
 */
export const READ_WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Returns the name of a kind for messages: `a named pipe`. */
export function nameOfKind(kind: FileKind): string {
  if (kind.isDirectory()) return 'a directory';
  if (kind.isFIFO()) return 'a named pipe';
  if (kind.isSocket()) return 'a socket';
  if (kind.isBlockDevice() || kind.isCharacterDevice()) return 'a device';
  return 'a regular file';
}

/** Returns the error for a path that was read and is not a regular file. */
export function notRegular(kind: FileKind): Error {
  return new Error(`it is ${nameOfKind(kind)}; name a regular file`);
}
