import { OptionError } from '../../errors/usage-errors.ts';
import { type ConfigFile, parseConfig } from './config-file.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';
import { textDiff } from '../output/text-diff.ts';
import { writeFileAtomically } from './write-file.ts';

/** A change of a specification's text. */
export interface Change {
  readonly config: ConfigFile;
  readonly after: string;
  /** Whether there was no file before. */
  readonly isNew?: boolean;
}

/**
 * Writes a changed specification, once it is certain that it can be used.
 *
 * @throws SpecError (`spec`) where the change makes it wrong
 * @throws OptionError (`option`) where it came from standard input
 * @throws SourceError (`source`) where it can't be written, or was changed meanwhile
 */
export function writeChange({ config, after, isNew = false }: Change): void {
  const { origin, path, text } = config;
  if (path === undefined) {
    throw new OptionError(`${origin} can't be written to; name the file with --file`);
  }
  parseConfig({ ...config, text: after });
  writeFileAtomically(path, after, { shown: origin, madeFrom: isNew ? null : text });
}

/** Prints what a change does to the file. */
export function printChange(host: Host, { config, after }: Change): void {
  const colour = createColour(host.stdout.colour);
  host.stdout.write(textDiff(config.origin, config.text, after, colour));
}
