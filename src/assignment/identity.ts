import { IdentityError } from '../errors.ts';
import { identityText } from '../hash/text.ts';
import { attributeOf, MISSING } from '../rules/attributes.ts';

/** Reads an identity's text from a context; throws IdentityError where it can't be had. */
export type IdentityReader = (context: object) => string;

/**
 * Compiles an identity's path to its reader. The text is Python's `str` of the value, since
 * Cravensworth hashes that.
 *
 * @param path dotted path in the context: `user.id`, `anonymous`
 */
export function compileIdentity(experiment: string, path: string): IdentityReader {
  const segments = path.split('.');
  return (context) => {
    let value: unknown = context;
    for (let i = 0; i < segments.length; i++) {
      value = attributeOf(value, segments[i] ?? '');
      if (value === MISSING) throw missing(experiment, path, segments.slice(0, i + 1).join('.'));
    }
    const text = typeof value === 'string' ? value : identityText(value);
    if (text === undefined) {
      throw new IdentityError(
        experiment,
        path,
        `is ${kindOf(value)}; it must be a string, a finite number, a boolean or an object with its own toString`,
      );
    }
    return text;
  };
}

function missing(experiment: string, path: string, at: string): IdentityError {
  const where = at === path ? 'is' : `can't be had: ${JSON.stringify(at)} is`;
  return new IdentityError(experiment, path, `${where} not in the context`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a Date';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
