import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import { INSTANT_MUST_BE, meantInstant, readInstant } from '../../specification/instant.ts';

/**
 * Reads an instant from an option.
 *
 * @param option the option's name, for the message: `--at`
 * @returns milliseconds since 1970; undefined if the option is missing
 * @throws OptionError (`option`) for anything else, with the instant that was probably meant
 */
export function instantArgument(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const read = readInstant(text);
  if (read === undefined) {
    const meant = meantInstant(text);
    const hint = meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
    throw new OptionError(`${option} takes ${INSTANT_MUST_BE}, not ${quote(text)}${hint}`);
  }
  if ('problem' in read) throw new OptionError(`${option} ${read.problem}`);
  return read.ms;
}
