import { realpathSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SourceError } from '../../errors/store-errors.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { ConfigText } from '../files/config-file.ts';
import type { Host } from '../host/host.ts';

/**
 * Returns the absolute path of an output file.
 *
 * @param option the option that names the file, for the message: `--report`
 * @throws OptionError (`option`) if the path leads to the specification, directly or through a link
 */
export function outputPath(
  host: Host,
  option: string,
  shown: string,
  { path: specification }: ConfigText,
): string {
  const path = resolve(host.cwd, shown);
  if (specification !== undefined && realPath(path) === realPath(specification)) {
    throw new OptionError(
      `${option} would overwrite the specification ${shown}; choose another path`,
    );
  }
  return path;
}

/**
 * Checks that a file can be written, so that a command can fail before it works for minutes.
 *
 * @throws SourceError (`source`) if the directory does not exist, or the path leads to a directory
 */
export function checkWritable(path: string, shown: string): void {
  const folder = statSync(dirname(path), { throwIfNoEntry: false });
  if (folder?.isDirectory() !== true) {
    throw new SourceError(`can't write ${shown}: its directory does not exist`);
  }
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) {
    throw new SourceError(`can't write ${shown}: this is a directory; pass the path of a file`);
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
