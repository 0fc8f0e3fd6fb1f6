import type { Request } from 'express';
import { SHARE_PARAMETER } from '../share/share-link.ts';
import { pathOf } from '../../web/public-address.ts';

/** The most characters of an address that is returned to. */
const MAX_ADDRESS = 4000;

/**
 * Returns the address that a form leads back to: always on this site, and relative or without a host.
 * That is the page in `Referer`, whose address is right behind any proxy. Without it, it is the path that
 * the form names, relative to the address of the form.
 *
 * @param req a request that {@link isSameOrigin} has accepted
 * @param back the path of the page as the application knows it, from the form; can be any text
 * @param own the path under which the toolbar's forms are, which are not pages to return to
 */
export function returnAddress(req: Request, back: string | undefined, own: string): string {
  const referer = refererPath(req);
  const isOrigin = referer === '/' && back !== undefined && back !== '/';
  // With the policy `strict-origin`, `Referer` has no path.
  if (referer !== undefined && !isOrigin && !referer.includes(`${own}/`)) {
    // A path of two slashes would be another host.
    return referer.startsWith('//') ? `/.${referer}` : referer;
  }
  const depth = pathOf(req).split('?', 1).join('').split('/').length - 2;
  return `${'../'.repeat(Math.max(depth, 1))}${(pathIn(back) ?? '/').slice(1)}`;
}

/** Returns the path and query of the page that sent a form; undefined if it is not known. */
export function refererPath(req: Request): string | undefined {
  const { referer } = req.headers;
  if (referer === undefined || !/^https?:\/\//.test(referer) || !URL.canParse(referer)) {
    return undefined;
  }
  return shown(new URL(referer));
}

/** Returns a path with its query in ASCII without line breaks; undefined for any other text. */
export function pathIn(text: string | undefined): string | undefined {
  // The `/` ends the host, so nothing in the text can change it.
  if (text?.startsWith('/') !== true || !URL.canParse(`http://x${text}`)) return undefined;
  return shown(new URL(`http://x${text}`));
}

/** Returns the path and query of an address, without the token of a share link. */
function shown({ pathname, search }: URL): string | undefined {
  const query = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && pair.split('=', 1)[0] !== SHARE_PARAMETER)
    .join('&');
  const address = query === '' ? pathname : `${pathname}?${query}`;
  return address.length > MAX_ADDRESS ? undefined : address;
}
