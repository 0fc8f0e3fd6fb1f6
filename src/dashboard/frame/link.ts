import type { Visit } from './visit.ts';

/** The part of an address that leads to the dashboard's root: `./`, `../../`, or `/admin/experiments/`. */
export type Root = string;

/**
 * Returns the relative address of the dashboard's root for the page at a path, so that links work behind
 * every proxy and in every router.
 *
 * @param path the path below the mount, as it came: `/experiments/a`
 */
export function rootFrom(path: string): Root {
  // Each slash but the first is a folder, also an empty one: `//a` has the folder "".
  const depth = path.split('/').length - 2;
  return depth < 1 ? './' : '../'.repeat(depth);
}

/** Returns the function `link` of a page from the address of the root. */
export function linksFrom(root: Root): Visit['link'] {
  return (path, query = {}) => {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) params.append(name, String(value));
    }
    const search = params.size === 0 ? '' : `?${params.toString()}`;
    return root + path.split('/').map(encoded).join('/') + search;
  };
}

/** Encodes a part of a path. A name with half a surrogate pair has no encoding in UTF-8. */
function encoded(part: string): string {
  return encodeURIComponent(Buffer.from(part).toString());
}
