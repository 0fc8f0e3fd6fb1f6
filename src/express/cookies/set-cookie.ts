import type { CookieOptions, Request, Response } from 'express';
import { nodeCrypto } from '../../runtime/node-crypto.ts';
import { cookiesIn, isCookie, type PromisedHeaders } from '../response/promised-headers.ts';

/** A cookie as Express sets it. */
export interface Cookie {
  readonly name: string;
  /** Characters that need no escape in a cookie. */
  readonly value: string;
  /** Without `maxAge`, the cookie lasts until the browser is closed. */
  readonly options: CookieOptions;
}

/** The reason why a cookie can't be set: the headers are sent, or the response has no cookies. */
export type CookieProblem = 'sent' | 'impossible';

/**
 * Sets a cookie, also on a response of `node:http` without Express, and promises it for the moment when
 * the headers are sent. Never throws.
 *
 * @returns undefined if the cookie is set
 */
export function setCookie(
  req: Request,
  res: Response,
  promised: PromisedHeaders,
  cookie: Cookie,
): CookieProblem | undefined {
  try {
    if (res.headersSent) return 'sent';
    if (typeof res.cookie === 'function') res.cookie(cookie.name, cookie.value, cookie.options);
    else res.setHeader('Set-Cookie', [...cookiesIn(res), cookieLine(req, cookie)]);
  } catch {
    return 'impossible';
  }
  promiseCookie(res, promised, cookie.name);
  return undefined;
}

/**
 * Sets a cookie like {@link setCookie}, in place of the one that an earlier call has set on the response.
 * Never throws.
 *
 * @returns undefined if the cookie is set
 */
export function replaceCookie(
  req: Request,
  res: Response,
  promised: PromisedHeaders,
  cookie: Cookie,
): CookieProblem | undefined {
  const before = promised.cookies?.get(cookie.name);
  if (before === undefined) return setCookie(req, res, promised, cookie);
  try {
    if (res.headersSent) return 'sent';
    const line = cookieLine(req, cookie);
    res.setHeader('Set-Cookie', [...cookiesIn(res).filter((one) => one !== before), line]);
    promised.cookies?.set(cookie.name, line);
  } catch {
    return 'impossible';
  }
  return undefined;
}

/** Returns the length of the cookie in `Set-Cookie`, with its attributes. */
export function cookieLength(req: Request, cookie: Cookie): number {
  return cookieLine(req, cookie).length;
}

/** Promises the cookie as Express wrote it. A `res.cookie()` of the application may have refused it. */
function promiseCookie(res: Response, promised: PromisedHeaders, name: string): void {
  try {
    const line = cookiesIn(res).findLast((one) => isCookie(one, name));
    if (line !== undefined) (promised.cookies ??= new Map()).set(name, line);
  } catch {
    // A mock that keeps its cookies elsewhere.
  }
}

/** Returns the value of `Set-Cookie` that Express would send. */
function cookieLine(req: Request, { name, value, options }: Cookie): string {
  const { maxAge, domain, path, httpOnly, secure, sameSite, signed } = options;
  const attributes = [
    maxAge !== undefined && `Max-Age=${Math.floor(maxAge / 1000)}`,
    domain !== undefined && `Domain=${domain}`,
    path !== undefined && `Path=${path}`,
    maxAge !== undefined && `Expires=${new Date(Date.now() + maxAge).toUTCString()}`,
    httpOnly === true && 'HttpOnly',
    secure === true && 'Secure',
    typeof sameSite === 'string' && `SameSite=${capitalized(sameSite)}`,
  ];
  const text = signed === true ? encodeURIComponent(sign(value, req.secret ?? '')) : value;
  return [`${name}=${text}`, ...attributes.filter((one) => one !== false)].join('; ');
}

/** Signs a value as cookie-parser reads it. */
function sign(value: string, secret: string): string {
  const signature = nodeCrypto().createHmac('sha256', secret).update(value).digest('base64');
  return `s:${value}.${signature.replace(/=+$/, '')}`;
}

function capitalized(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}
