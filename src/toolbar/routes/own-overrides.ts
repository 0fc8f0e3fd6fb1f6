import type { Request, Response } from 'express';
import { formatOverrides, parseOverrides } from '../../express/cookies/override-cookie.ts';
import { readCookie } from '../../express/cookies/read-cookies.ts';
import { grantedOverrides } from './grants.ts';
import { mergeOverrides, type Overrides } from './override-form.ts';
import { GRANT_COOKIE, setSiteCookie } from './route-cookies.ts';
import type { RoutesSetup } from './routes-setup.ts';

/** Browsers keep no cookie whose name and value are longer: RFC 6265bis, section 5.6. */
const MAX_COOKIE = 4096;

/** Returns the overrides in force for a person with access: the cookie's, and those of an accepted link. */
export function currentOverrides(req: Request, setup: RoutesSetup): Overrides {
  const { overrideCookie, snapshot } = setup;
  if (overrideCookie === undefined) return new Map();
  const own = parseOverrides(readCookie(req, overrideCookie) ?? '');
  const granted = grantedOverrides(req, setup);
  return granted === undefined ? own : mergeOverrides(own, granted, snapshot());
}

/**
 * Writes all overrides of a person with access to the cookie, which ends an accepted link.
 *
 * @returns false if they are too long for a cookie; then nothing is set
 */
export function keepOverrides(
  req: Request,
  res: Response,
  overrides: Overrides,
  { overrideCookie = '', share }: RoutesSetup,
): boolean {
  const value = formatOverrides(overrides);
  if (overrideCookie.length + value.length > MAX_COOKIE) return false;
  setSiteCookie(req, res, overrideCookie, value);
  if (share?.grants === true && readCookie(req, GRANT_COOKIE) !== undefined) {
    setSiteCookie(req, res, GRANT_COOKIE, '');
  }
  return true;
}
