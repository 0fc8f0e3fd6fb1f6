import type cookieParser from 'cookie-parser';
import type { Request, RequestHandler, Response } from 'express';
import { loadPackage } from '../../runtime/load-package.ts';

/** Cookies by name. They are untrusted input, and cookie-parser parses `j:…` to objects. */
type Cookies = Readonly<Record<string, unknown>>;

const NONE: Cookies = Object.freeze({});

/** cookie-parser, loaded for the first request that needs it. */
let parser: RequestHandler | undefined;

/** Returns the text of a cookie; undefined if it is missing or not a string. */
export function readCookie(req: Request, name: string): string | undefined {
  return cookieText(cookiesOf(req, name), name);
}

/**
 * Returns the text of a signed cookie.
 *
 * @returns undefined if the cookie is missing or its signature is wrong
 */
export function readSignedCookie(req: Request, name: string): string | undefined {
  const cookies: unknown = req.signedCookies;
  return isParsed(cookies) ? cookieText(cookies, name) : undefined;
}

/** Returns true if cookie-parser has run with a secret, so that cookies can be signed. */
export function canSign(req: Request): boolean {
  return typeof req.secret === 'string' && isParsed(req.signedCookies);
}

/**
 * Returns the cookies that the application's cookie-parser parsed; it may run after Evenhand, before
 * the first decision. Otherwise they are parsed without setting `req.cookies`: cookie-parser skips a
 * request that has `cookies`, and would then not verify signed cookies.
 *
 * @param name the name of the cookie to read
 */
function cookiesOf(req: Request, name: string): Cookies {
  // `Reflect.get` takes half as long as `req.cookies`; see `keptWith`.
  const given: unknown = Reflect.get(req, 'cookies');
  if (isParsed(given)) return given;
  const { cookie } = req.headers;
  // Most requests have no cookie of this name, and searching for it costs less than parsing.
  if (cookie === undefined || !cookie.includes(name)) return NONE;
  const shim: Request = Object.assign(Object.create(null), { headers: { cookie } });
  const unused: Response = Object.create(null);
  parser ??= (loadPackage('cookie-parser') as typeof cookieParser)();
  parser(shim, unused, () => {});
  const cookies: unknown = shim.cookies;
  return isParsed(cookies) ? cookies : NONE;
}

/**
 * Returns true for an object of cookies, and false for another package's class that reads cookies.
 */
function isParsed(cookies: unknown): cookies is Cookies {
  if (typeof cookies !== 'object' || cookies === null) return false;
  const proto: unknown = Object.getPrototypeOf(cookies);
  return proto === null || proto === Object.prototype;
}

function cookieText(cookies: Cookies, name: string): string | undefined {
  const value = Object.hasOwn(cookies, name) ? cookies[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
