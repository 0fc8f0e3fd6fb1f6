import type cookieParser from 'cookie-parser';
import type { Request, RequestHandler, Response } from 'express';
import { loadPackage } from '../../runtime/load-package.ts';

/** Cookies by name; a client can put anything there, and cookie-parser makes objects of `j:…`. */
type Cookies = Readonly<Record<string, unknown>>;

const NONE: Cookies = Object.freeze({});

/** cookie-parser, from the first request on that needs it. */
let parser: RequestHandler | undefined;

/** The text of a cookie; undefined where there is none, or it is no text. */
export function readCookie(req: Request, name: string): string | undefined {
  return textOf(cookiesOf(req, name), name);
}

/**
 * The text of a cookie whose signature was right.
 *
 * @returns undefined where there is none, or its signature is wrong
 */
export function readSignedCookie(req: Request, name: string): string | undefined {
  const cookies: unknown = req.signedCookies;
  return isParsed(cookies) ? textOf(cookies, name) : undefined;
}

/** Whether cookie-parser has run with a secret, so that cookies can be signed. */
export function canSign(req: Request): boolean {
  return typeof req.secret === 'string' && isParsed(req.signedCookies);
}

/**
 * The cookies as the application's cookie-parser left them; it may run after Evenhand, and before
 * the first decision. Else they are parsed beside the request: cookie-parser passes over a request
 * that has `cookies`, so that setting them would take the application's secret out of force.
 *
 * @param name the cookie that is wanted
 */
function cookiesOf(req: Request, name: string): Cookies {
  // `req.cookies` would teach V8 a hidden class that only this request has, which takes 0.1 µs.
  const given: unknown = Reflect.get(req, 'cookies');
  if (isParsed(given)) return given;
  const { cookie } = req.headers;
  // Most requests bring none of ours, and to look for the name costs less than to parse.
  if (cookie === undefined || !cookie.includes(name)) return NONE;
  const shim: Request = Object.assign(Object.create(null), { headers: { cookie } });
  const unused: Response = Object.create(null);
  parser ??= (loadPackage('cookie-parser') as typeof cookieParser)();
  parser(shim, unused, () => {});
  const cookies: unknown = shim.cookies;
  return isParsed(cookies) ? cookies : NONE;
}

/** Whether it is an object of cookies, as opposed to another package's class that can read some. */
function isParsed(cookies: unknown): cookies is Cookies {
  if (typeof cookies !== 'object' || cookies === null) return false;
  const proto: unknown = Object.getPrototypeOf(cookies);
  return proto === null || proto === Object.prototype;
}

function textOf(cookies: Cookies, name: string): string | undefined {
  const value = Object.hasOwn(cookies, name) ? cookies[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
