import { OptionError } from '../../errors/usage-errors.ts';
import { type ConfigFile, parseConfig } from './config-file.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { textDiff } from '../output/text-diff.ts';
import { writeFileAtomically } from '../../sources/file/write-file.ts';

/** A change to a specification's text. */
export interface Change {
  readonly config: ConfigFile;
  readonly after: string;
  /** True if the file did not exist before. */
  readonly isNew?: boolean;
}

/**
 * Validates a changed specification and writes it.
 *
 * @throws SpecError (`spec`) if the changed specification is invalid
 * @throws OptionError (`option`) if the specification came from standard input
 * @throws SourceError (`source`) if the file can't be written, or has changed in the meantime
 */
export function writeChange({ config, after, isNew = false }: Change): void {
  const { origin, path, text } = config;
  if (path === undefined) {
    throw new OptionError(`can't write the change to ${origin}; name a file with --file`);
  }
  parseConfig({ ...config, text: after });
  writeFileAtomically(path, after, { shown: origin, madeFrom: isNew ? null : text });
}

/** Prints the lines that a change adds and removes. */
export function printChange(host: Host, { config, after }: Change): void {
  const colour = createColour(host.stdout.colour);
  host.stdout.write(textDiff(config.origin, config.text, after, colour));
}
