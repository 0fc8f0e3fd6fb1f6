import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
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

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
