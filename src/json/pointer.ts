import { member } from './own.ts';

/** JSON Pointer (RFC 6901): `''` is the whole document, `/experiments/0/name` a place in it. */

/** A pointer to a member of what `path` points to. */
export function pointerTo(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The keys and indexes a pointer goes through, from the outside in. */
export function pointerKeys(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What a pointer points to; undefined where there is nothing. */
export function valueAt(data: unknown, path: string): unknown {
  return pointerKeys(path).reduce(member, data);
}
