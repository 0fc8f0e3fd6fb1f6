import { SourceError } from '../../errors/store-errors.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { NotUtf8Error } from '../../json/not-utf8.ts';
import { readPipeNow } from './read-pipe.ts';

/**
 * Makes the error of a file or folder that can't be read.
 *
 * @param shown its path as the user gave it
 * @param thrown the error of Node's function
 */
export function unreadable(shown: string, thrown: unknown): SourceError {
  return new SourceError(`${shown}: ${unreadableReason(thrown)}`, { cause: thrown });
}

/**
 * Reads a text file or a pipe that the user named, such as `<(curl …)` of a shell.
 *
 * @param shown its path as the user gave it, for the message
 * @throws SourceError (`source`) if the file can't be read
 */
export function readText(path: string, shown: string): string {
  try {
    return readPipeNow(path).toString();
  } catch (error) {
    throw unreadable(shown, error);
  }
}

/** Reads source code like {@link readText}; bytes that are not UTF-8 do no harm in it. */
export function readCode(path: string, shown: string): string {
  try {
    return readPipeNow(path).toCode();
  } catch (error) {
    throw unreadable(shown, error);
  }
}

/**
 * Returns the reason why a file can't be read, and the remedy.
 *
 * @param missing the reason if there is no such file
 */
export function unreadableReason(error: unknown, missing = 'no such file'): string {
  if (error instanceof NotUtf8Error) return error.message;
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return missing;
    case 'EISDIR':
      return 'this is a directory; pass the path of a file in it';
    case 'ELOOP':
      return 'its links lead in a circle; name the file itself';
    case 'ENXIO':
      return 'it is a socket; name a regular file';
    case 'EACCES':
    case 'EPERM':
      return 'this process is not allowed to read it; change the permissions of the file or its directories';
    default:
      return `it can't be read: ${thrownMessage(error)}`;
  }
}
