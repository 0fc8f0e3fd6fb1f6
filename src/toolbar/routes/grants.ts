import type { Request } from 'express';
import { readCookie } from '../../express/cookies/read-cookies.ts';
import { publicHost } from '../../web/public-address.ts';
import { mayShare } from '../share/share-link.ts';
import { type SharedOverrides, verifyToken } from '../share/token.ts';
import type { Overrides } from './override-form.ts';
import { GRANT_COOKIE } from './route-cookies.ts';
import type { RoutesSetup } from './routes-setup.ts';

/** Returns the link that a visitor has accepted and that still works; undefined if there is none. */
export function acceptedLink(
  req: Request,
  { share, overrideCookie, now }: RoutesSetup,
): SharedOverrides | undefined {
  if (share?.grants !== true || overrideCookie === undefined) return undefined;
  // Most requests have no such cookie, and searching costs less than reading.
  if (req.headers.cookie?.includes(GRANT_COOKIE) !== true) return undefined;
  const token = readCookie(req, GRANT_COOKIE);
  return token === undefined
    ? undefined
    : verifyToken(token, share.secrets, publicHost(req), now());
}

/**
 * Returns the overrides of the link that a visitor has accepted, verified again for each request, so that
 * they end with the link. Never throws.
 *
 * @returns undefined if there is none
 */
export function grantedOverrides(req: Request, setup: RoutesSetup): Overrides | undefined {
  try {
    const shared = acceptedLink(req, setup);
    return shared && sharedBy(shared, setup);
  } catch {
    // The application's `req.cookies` can't be read.
    return undefined;
  }
}

/** Returns the overrides of a link, without those that `share.only` leaves out. */
export function sharedBy({ overrides }: SharedOverrides, { share }: RoutesSetup): Overrides {
  return new Map([...overrides].filter(([name]) => mayShare(name, share?.only)));
}
