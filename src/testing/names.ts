import { OptionError } from '../errors/usage-errors.ts';
import { showValue } from '../errors/show-value.ts';

/** What experiments and variants may be called, as in the schema of the specification. */
const NAME = /^[A-Za-z0-9_]+$/;

/**
 * Checks the name of an experiment or a variant.
 *
 * @param where the function it was given to, for the message
 * @throws OptionError (`option`)
 */
export function checkName(where: string, kind: 'experiment' | 'variant', name: unknown): string {
  if (typeof name === 'string' && NAME.test(name)) return name;
  throw new OptionError(
    `${where}: ${showValue(name)} is not the name of ${kind === 'experiment' ? 'an experiment' : 'a variant'}; ` +
      'names consist of letters, digits and underscores',
  );
}
