import { member } from './own.ts';

/** JSON Pointer (RFC 6901): `''` is the whole document, `/experiments/0/name` a place in it. */

/** Returns the pointer to a member of the value at `path`. */
export function pointerTo(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** Returns the keys and indexes of a pointer, from the outside in. */
export function pointerKeys(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** Returns the value at a pointer, or undefined. */
export function valueAt(data: unknown, path: string): unknown {
  return pointerKeys(path).reduce(member, data);
}
