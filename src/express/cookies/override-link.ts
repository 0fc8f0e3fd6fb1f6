import type { Request, Response } from 'express';
import type { OnceLogger } from '../../runtime/logger.ts';
import { needsHttps, prefixProblem } from './cookie-names.ts';
import type { OverrideAccess } from './override-access.ts';
import { findLink } from './link-parameter.ts';
import { formatOverrides, parseOverrides } from './override-cookie.ts';
import { readCookie } from './read-cookies.ts';
import { type Cookie, setCookie } from './set-cookie.ts';

/** The dependencies of {@link OverrideLink}. */
export interface OverrideLinkSetup {
  /** The query parameter. Its name needs no percent-encoding. */
  readonly parameter: string;
  /** The name of the override cookie. */
  readonly cookie: string;
  readonly mayOverride: OverrideAccess;
  /** Reports links without effect; undefined in production. */
  readonly once: OnceLogger | undefined;
}

/** Browsers keep no cookie whose name and value are longer: RFC 6265bis, section 5.6. */
const MAX_COOKIE = 4096;

const SEE_OTHER = 303;

/** Spaces in a query, where `+` is one too. */
const SPACES = /^(?:\s|\+|%20)*$/;

/**
 * Sets the override cookie from a link: `/checkout?__cw=experiment:variant` forces the variant and
 * redirects to `/checkout`. An empty parameter removes all overrides, and an empty variant the override of
 * its experiment. Other overrides stay.
 *
 * A link without effect is left to the application, as if there were no such parameter: in a request that
 * may not override or is not `GET`, or with a value that has no override or is too long for a cookie.
 */
export class OverrideLink {
  private readonly setup: OverrideLinkSetup;

  constructor(setup: OverrideLinkSetup) {
    this.setup = setup;
  }

  /** Returns true if the request had such a link, and the response is sent. Never throws. */
  follow(req: Request, res: Response): boolean {
    if (req.method !== 'GET') return false;
    try {
      const link = findLink(req.originalUrl ?? req.url, this.setup.parameter);
      if (link === undefined || !this.setup.mayOverride(req)) return false;
      const cookie = this.cookieFor(req, link.values);
      return cookie !== undefined && redirect(req, res, cookie, link.target);
    } catch {
      // A mock may have no address, and reading `req.secure` calls the "trust proxy" function.
      return false;
    }
  }

  /** Returns the cookie with the overrides of the link; undefined if the link has no effect. */
  private cookieFor(req: Request, values: readonly string[]): Cookie | undefined {
    const { parameter, cookie: name } = this.setup;
    if (values.every((value) => SPACES.test(value))) return cookieOf(req, name, '');
    const forced = values.flatMap((value) => [...parseOverrides(value.replaceAll('+', ' '))]);
    if (forced.length === 0) {
      this.warn(
        `the parameter ${parameter} has no override; write ${parameter}=experiment:variant`,
      );
      return undefined;
    }
    const overrides = new Map(parseOverrides(readCookie(req, name) ?? ''));
    for (const [experiment, variant] of forced) {
      overrides.delete(experiment);
      if (variant !== '') overrides.set(experiment, variant);
    }
    const value = formatOverrides(overrides);
    if (name.length + value.length > MAX_COOKIE) {
      this.warn(
        `the overrides of the parameter ${parameter} are too long for a cookie, so they are ignored; remove others with ${parameter}=`,
      );
      return undefined;
    }
    return cookieOf(req, name, value);
  }

  private warn(problem: string): void {
    this.setup.once?.warn(`override link ${problem}`, `evenhand: ${problem}`);
  }
}

/**
 * Returns the override cookie, which lasts until the browser is closed. Without text, it is
 * expired. Scripts can read and change it, as developers do.
 */
function cookieOf(req: Request, name: string, value: string): Cookie {
  const path = '/';
  const open = { name, path, domain: undefined, secure: true, httpOnly: false };
  const options = {
    path,
    sameSite: 'lax',
    secure: req.secure || needsHttps(name),
    httpOnly: prefixProblem(open) !== undefined,
    encode: String,
    ...(value === '' ? { maxAge: 0 } : {}),
  } as const;
  return { name, value, options };
}

/** Responds with a redirect. Returns false if the response can't have it. */
function redirect(req: Request, res: Response, cookie: Cookie, target: string): boolean {
  try {
    // First, because it throws for a target with characters that a header can't contain.
    res.setHeader('Location', target);
  } catch {
    return false;
  }
  const promised = { vary: undefined, private: undefined, cookies: undefined };
  if (setCookie(req, res, promised, cookie) !== undefined) {
    res.removeHeader('Location');
    return false;
  }
  res.statusCode = SEE_OTHER;
  res.setHeader('Cache-Control', 'no-store');
  res.end();
  return true;
}
