import { quote } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import {
  type IdentitySpec,
  identityPaths,
  MAX_IDENTITIES,
} from '../../specification/identity-paths.ts';
import { RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';
import { meantIdentity, meantName } from '../../specification/schema/meant-names.ts';
import { experimentsSchema } from '../../specification/schema/schema.ts';

const { experiment, variant } = experimentsSchema.$defs;
const NAME = new RegExp(variant.properties.name.pattern);
const IDENTITY = new RegExp(experiment.properties.identity.pattern);

/** Returns true for a name of letters, digits and underscores. */
export function isName(text: string): boolean {
  return NAME.test(text);
}

/**
 * Reads an identity: a path into the context, or several with commas between them.
 *
 * @returns the path or the list of paths; undefined for a text that is not an identity
 */
export function readIdentity(text: string): IdentitySpec | undefined {
  const paths = text.split(',').map((path) => path.trim());
  const isList = paths.length > 1;
  const [only = ''] = paths;
  if (paths.length > MAX_IDENTITIES || !paths.every((path) => IDENTITY.test(path)))
    return undefined;
  if (isList && paths.includes(RANDOM_IDENTITY)) return undefined;
  if (new Set(paths).size < paths.length) return undefined;
  return isList ? paths : only;
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
 * Returns the identity of an experiment.
 *
 * @throws OptionError (`option`) for a text that is not an identity
 */
export function checkIdentity(text: string): IdentitySpec {
  const identity = readIdentity(text);
  if (identity !== undefined) return identity;
  const meant = identityPaths(meantIdentity(text) ?? []).join();
  throw new OptionError(
    `--identity takes a path into the context such as user.id, or anonymous, or random, or several paths such as user.id,anonymous, not ${quote(text)}${suggestion(meant === '' || meant === text ? undefined : meant)}`,
  );
}

function suggestion(meant: string | undefined): string {
  return meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
}
