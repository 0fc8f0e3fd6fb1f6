import { resolve } from 'node:path';
import { OptionError } from '../../errors/usage-errors.ts';
import { showValue } from '../../errors/show-value.ts';
import { parseJson } from '../../json/parse.ts';
import { readText } from '../../sources/file/unreadable.ts';
import type { Host } from '../host/host.ts';
import { aboutText } from '../output/problems.ts';

/**
 * An object that is given as an option: JSON, or `@` and the path of a file with JSON.
 *
 * @param option its name, for messages: `--context`
 * @throws SourceError (`source`) where the file can't be read
 * @throws SpecError (`json`) where the text is no JSON
 * @throws OptionError (`option`) where it is no object
 */
export function objectArgument(
  host: Host,
  option: string,
  argument: string,
): Readonly<Record<string, unknown>> {
  const isFile = argument.startsWith('@');
  const path = argument.slice(1);
  const text = isFile ? readText(resolve(host.cwd, path), path) : argument;
  const origin = isFile ? path : option;
  const value = aboutText(text, origin, () => parseJson(text, origin));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new OptionError(
      `${option} takes an object, such as '{"user":{"id":4}}', or @ and the path of a file with ` +
        `one; not ${showValue(value)}`,
    );
  }
  return Object.fromEntries(Object.entries(value));
}
