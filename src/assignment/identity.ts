import { IdentityError } from '../errors/identity-error.ts';
import { identityText } from '../hash/text.ts';
import { MISSING } from '../rules/values/attributes.ts';
import { readerOf } from '../rules/values/reader.ts';

/**
 * Reads an identity's text from a context; the experiment's name is for errors.
 *
 * @throws IdentityError where it can't be had
 */
export type IdentityReader = (context: object, experiment: string) => string;

/**
 * Compiles an identity's path to its reader, which all experiments of this identity can share. The
 * text is Python's `str` of the value, since Cravensworth hashes that.
 *
 * @param path dotted path in the context: `user.id`, `anonymous`
 */
export function compileIdentity(path: string): IdentityReader {
  const segments = path.split('.').map((name) => ({ name, read: readerOf(name) }));
  const [first, second] = segments;
  if (first === undefined || second === undefined || segments.length > 2) {
    return (context, experiment) => {
      let value: unknown = context;
      for (const [i, { read }] of segments.entries()) {
        value = read(value);
        if (value === MISSING) throw missing(experiment, path, i + 1);
      }
      return textOf(value, experiment, path);
    };
  }
  // By far the most have two, and no loop is faster than one.
  return (context, experiment) => {
    const owner = first.read(context);
    if (owner === MISSING) throw missing(experiment, path, 1);
    const value = second.read(owner);
    if (value === MISSING) throw missing(experiment, path, 2);
    return textOf(value, experiment, path);
  };
}

function textOf(value: unknown, experiment: string, path: string): string {
  const text = typeof value === 'string' ? value : identityText(value);
  if (text !== undefined) return text;
  throw new IdentityError(
    experiment,
    path,
    `is ${kindOf(value)}; it must be a string, a finite number, a boolean or an object with its own toString`,
  );
}

/** @param depth how many segments of the path end in what is not there */
function missing(experiment: string, path: string, depth: number): IdentityError {
  const at = path.split('.').slice(0, depth).join('.');
  const where = at === path ? 'is' : `can't be had: ${JSON.stringify(at)} is`;
  return new IdentityError(experiment, path, `${where} not in the context`);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a Date';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
