import { resolve } from 'node:path';
import { OptionError } from '../../errors/usage-errors.ts';
import { showValue } from '../../errors/show-value.ts';
import { parseJson } from '../../json/parse.ts';
import { readText } from '../../sources/file/unreadable.ts';
import type { Host } from '../host/host.ts';
import { aboutText } from '../output/problems.ts';

/**
 * Reads an object from an option: JSON, or `@` followed by the path of a JSON file.
 *
 * @param option the option's name, for messages: `--context`
 * @throws SourceError (`source`) if the file can't be read
 * @throws SpecError (`json`) if the text is not JSON
 * @throws OptionError (`option`) if the value is not an object
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
      `${option} takes a JSON object such as '{"user":{"id":4}}', or @ and the path of a file with ` +
        `one, not ${showValue(value)}`,
    );
  }
  return Object.fromEntries(Object.entries(value));
}
