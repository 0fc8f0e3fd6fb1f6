import { quote } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { meantName, meantPath } from '../../specification/schema/meant-names.ts';
import { experimentsSchema } from '../../specification/schema/schema.ts';

const { experiment, variant } = experimentsSchema.$defs;
const NAME = new RegExp(variant.properties.name.pattern);
const IDENTITY = new RegExp(experiment.properties.identity.pattern);

/** Returns true for a name of letters, digits and underscores. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/** Returns true for a path into the context: `user.id`. */
export function isIdentity(text: string): boolean {
  return IDENTITY.test(text);
}

/**
 * Checks the name of an experiment, a switch or a variant.
 *
 * @param what where the name is from, for the message: `--variants`
 * @throws OptionError (`option`) for other characters than letters, digits and underscores
 */
export function checkName(what: string, name: string): void {
  if (isName(name)) return;
  throw new OptionError(
    `${what} ${quote(name)} has other characters than letters, digits and underscores${suggestion(meantName(name))}`,
  );
}

/**
 * Checks the names of an experiment's variants.
 *
 * @throws OptionError (`option`) for invalid and for equal names
 */
export function checkVariants(names: readonly string[]): void {
  for (const [index, name] of names.entries()) {
    const parts = name.split(/[,;]/).filter(Boolean);
    if (parts.length > 1 && parts.every(isName)) {
      throw new OptionError(
        `--variants: separate the names by spaces: --variants ${parts.join(' ')}`,
      );
    }
    checkName('--variants: the name', name);
    if (names.indexOf(name) < index) {
      throw new OptionError(`--variants: two variants are named ${quote(name)}; rename one`);
    }
  }
}

/**
 * Checks the identity of an experiment.
 *
 * @throws OptionError (`option`) for a text that is not a path into the context
 */
export function checkIdentity(identity: string): void {
  if (isIdentity(identity)) return;
  throw new OptionError(
    `--identity takes a path into the context such as user.id, or anonymous, or random, not ${quote(identity)}${suggestion(meantPath(identity))}`,
  );
}

function suggestion(meant: string | undefined): string {
  return meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
}
