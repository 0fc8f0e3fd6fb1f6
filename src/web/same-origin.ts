import type { Request } from 'express';
import { hostIn, publicHost } from './public-address.ts';

/**
 * Returns true if a form of this very site sent the request: `Sec-Fetch-Site` is `same-origin`; without that
 * header, the host in `Origin` equals `Host`, or the origin is trusted. Never throws.
 *
 * @param trustedOrigins origins as browsers write them: `https://shop.example`
 */
export function isSameOrigin(req: Request, trustedOrigins: readonly string[]): boolean {
  try {
    const { headers } = req;
    const site = headers['sec-fetch-site'];
    if (site !== undefined) return site === 'same-origin';
    const { origin } = headers;
    if (typeof origin !== 'string') return false;
    if (trustedOrigins.includes(origin)) return true;
    const url = originIn(origin);
    if (url === undefined || (req.secure && url.protocol !== 'https:')) return false;
    return [headers.host, publicHost(req)].some((host) => isHostOf(url, host));
  } catch {
    // Reading `req.secure` calls the application's "trust proxy" function.
    return false;
  }
}

/** Returns an origin of `http:` or `https:` exactly as browsers write it; undefined for any other text. */
export function originIn(text: string): URL | undefined {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.origin === text ? url : undefined;
}

/** Compares hosts without the default port, which browsers leave out and other clients may write. */
function isHostOf(url: URL, given: string | undefined): boolean {
  const host = hostIn(given);
  if (host === undefined) return false;
  const address = `${url.protocol}//${host}`;
  return URL.canParse(address) && new URL(address).host === url.host;
}
