import { OptionError } from '../errors/usage-errors.ts';
import { showValue } from '../errors/show-value.ts';

/** The pattern of names of experiments and variants, as in the schema of the specification. */
const NAME = /^[A-Za-z0-9_]+$/;

/**
 * Checks the name of an experiment or a variant.
 *
 * @param where the function that takes the name, for the message
 * @throws OptionError (`option`)
 */
export function checkName(where: string, kind: 'experiment' | 'variant', name: unknown): string {
  if (typeof name === 'string' && NAME.test(name)) return name;
  throw new OptionError(
    `${where}: ${showValue(name)} is not the name of ${kind === 'experiment' ? 'an experiment' : 'a variant'}; ` +
      'names consist of letters, digits and underscores',
  );
}
