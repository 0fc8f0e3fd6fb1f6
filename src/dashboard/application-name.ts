import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../options/check-options.ts';

/** The most characters of a name in the header. */
const MAX_NAME = 100;

/** Returns the name in the `package.json` of a folder; `application` if there is none. */
export function applicationName(folder: string): string {
  try {
    const manifest: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const name = isObject(manifest) ? manifest['name'] : undefined;
    if (typeof name === 'string' && name.trim() !== '') return name.slice(0, MAX_NAME);
  } catch {
    // Bundled applications often run without a package.json.
  }
  return 'application';
}
