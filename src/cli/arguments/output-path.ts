import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { OptionError } from '../../errors/usage-errors.ts';
import type { ConfigText } from '../files/config-file.ts';
import type { Host } from '../host/host.ts';

/**
 * The absolute path of a file that is to be written.
 *
 * @param option what names it, for the message: `--report`
 * @throws OptionError (`option`) where it is the specification, if only through a link
 */
export function outputPath(
  host: Host,
  option: string,
  shown: string,
  { path: specification }: ConfigText,
): string {
  const path = resolve(host.cwd, shown);
  if (specification !== undefined && realPath(path) === realPath(specification)) {
    throw new OptionError(`${option} would overwrite ${shown}, which is the specification`);
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
