import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OptionError, SourceError } from '../errors.ts';
import type { RawData, RawText, Source } from './source.ts';
import { thrownMessage } from '../thrown.ts';

/** The file read where no source is given, in the working directory. */
export const DEFAULT_FILE = 'experiments.config.json';

/** A source that answers at once. */
export interface SettingsSource extends Source {
  load(): RawData | RawText;
}

/**
 * A source of settled experiments: a JSON file, read when the client is made, or a specification
 * already in memory.
 *
 * @param settings path of the file (relative to the working directory) or its `file:` URL; or what
 *   such a file holds: a list of experiments or an object with `experiments`.
 *   Default: `experiments.config.json`
 * @throws OptionError (`option`) where it is none of these; `load()` throws SourceError (`source`)
 *   where the file can't be read
 */
export function settingsSource(settings: string | URL | object = DEFAULT_FILE): SettingsSource {
  if (typeof settings === 'string' || settings instanceof URL) {
    const path = pathOf(settings);
    return { name: 'file', load: () => ({ text: read(path), origin: path }) };
  }
  if (typeof settings !== 'object' || settings === null) {
    throw new OptionError(
      `settingsSource takes a path, a file: URL or a specification, not ${settings === null ? 'null' : typeof settings}`,
    );
  }
  return { name: 'config', load: () => ({ data: settings, origin: 'config' }) };
}

function pathOf(file: string | URL): string {
  const isUrl = typeof file !== 'string' || file.startsWith('file:');
  if (!isUrl) return resolve(file);
  try {
    return fileURLToPath(file);
  } catch {
    throw new OptionError(`a specification can be read from file: URLs only, not ${String(file)}`);
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SourceError(`experiments file ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return (
        'there is no such file. Create it (an empty list, [], will do to begin with), or give the ' +
        `path of another as "source"; relative paths start at the working directory, ${process.cwd()}`
      );
    case 'EISDIR':
      return 'this is a directory. Give the path of the file in it';
    case 'EACCES':
    case 'EPERM':
      return 'this process may not read it. Change the permissions of the file or its directories';
    default:
      return `it can't be read: ${thrownMessage(error)}`;
  }
}
