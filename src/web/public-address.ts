import type { Request } from 'express';

/** A host name, an IPv4 address, or an IPv6 address in brackets; each with or without a port. */
const HOST = /^(?:[a-z0-9_][a-z0-9._-]*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

/** The most characters of a host name (RFC 1035, section 2.3.4) and a port. */
const MAX_HOST = 261;

/** Returns a host in lower case; undefined for a text that is not a host. */
export function hostIn(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > MAX_HOST) return undefined;
  const host = text.toLowerCase();
  return HOST.test(host) ? host : undefined;
}

/**
 * Returns the host in the visitor's address bar, with its port, in lower case: the `Host` header, or
 * `X-Forwarded-Host` if the application trusts the proxy. Never throws.
 *
 * @returns undefined for a request without a valid host
 */
export function publicHost(req: Request): string | undefined {
  try {
    return hostIn(forwardedHost(req) ?? req.headers.host);
  } catch {
    // The application's "trust proxy" function threw, or a mock has no headers.
    return undefined;
  }
}

function forwardedHost(req: Request): string | undefined {
  const given = req.headers['x-forwarded-host'];
  if (typeof given !== 'string') return undefined;
  const trusts: unknown = req.app.get('trust proxy fn');
  if (typeof trusts !== 'function') return undefined;
  const isTrusted: unknown = Reflect.apply(trusts, undefined, [req.socket.remoteAddress, 0]);
  return isTrusted === true ? given.split(',', 1)[0]?.trim() : undefined;
}

/**
 * Returns true if the visitor uses HTTPS: the connection does, or the browser says so in a request that a
 * page of this site sent. Never throws.
 */
export function isHttps(req: Request): boolean {
  try {
    const { origin, referer } = req.headers;
    return req.secure || (origin ?? referer ?? '').startsWith('https://');
  } catch {
    return false;
  }
}

/** Returns the path and query of a request as it came. */
export function pathOf(req: Request): string {
  return withoutOrigin(req.originalUrl ?? req.url);
}

/** Returns the path and query of the target of a request: of `http://host/path`, only `/path`. */
export function withoutOrigin(target: string): string {
  return target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '');
}
