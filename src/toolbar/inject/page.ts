// cspell:ignore csunicode feff fffe
import type { Request } from 'express';
import { lineOf, type ResponseHeaders } from './response-headers.ts';

/** The values of `Sec-Fetch-Dest` for which a browser shows the response as a page. */
const PAGES: ReadonlySet<unknown> = new Set(['document', 'iframe', 'frame']);

/** The names of UTF-16, in which the markup would be unreadable: https://encoding.spec.whatwg.org/ */
const UTF_16 = /^(?:utf-16(?:le|be)?|csunicode|iso-10646-ucs-2|ucs-2|unicode(?:feff|fffe)?)$/i;

const HTML = /^\s*text\/html\s*(?:;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^\s";]*)/i;

/** Statuses without a body, and of a part of the body. */
const WITHOUT_PAGE: ReadonlySet<unknown> = new Set([204, 205, 206, 304]);

const FIRST_WITH_BODY = 200;

/** Headers that caches in front of the application prefer to `Cache-Control`: RFC 9213 and older ones. */
const FOR_CACHES = /^.+-cache-control$|^surrogate-control$|^x-accel-expires$/;

/** Headers that are wrong when the body is longer. */
const OF_OLD_BODY = ['Content-Length', 'Content-MD5', 'Digest', 'Content-Digest', 'Repr-Digest'];

/** Returns true if a browser shows the response as a page, whatever the body is. */
export function isNavigation(req: Request): boolean {
  return PAGES.has(req.headers['sec-fetch-dest']);
}

/** Returns true if a script made the request, by `fetch()` or `XMLHttpRequest`. */
export function isByScript(req: Request): boolean {
  return req.headers['sec-fetch-dest'] === 'empty';
}

/**
 * Returns true if a page may answer the request. Browsers leave `Sec-Fetch-Dest` out on `http:` addresses of
 * other machines, so that then the body counts.
 */
export function mayAskForPage(req: Request): boolean {
  if (req.method === 'HEAD') return false;
  return isNavigation(req) || isByScript(req) || req.headers['sec-fetch-dest'] === undefined;
}

/** Returns true if the response may be a page as a whole, apart from its encoding. */
export function mayBePage(req: Request, status: unknown, headers: ResponseHeaders): boolean {
  const type = lineOf(headers, 'Content-Type');
  const [, charset = ''] = CHARSET.exec(type) ?? [];
  return (
    mayAskForPage(req) &&
    HTML.test(type) &&
    !UTF_16.test(charset) &&
    Number(status) >= FIRST_WITH_BODY &&
    !WITHOUT_PAGE.has(status) &&
    !isRedirect(status, headers) &&
    headers.get('Content-Range') === undefined &&
    !/^\s*attachment\b/i.test(lineOf(headers, 'Content-Disposition')) &&
    /^(?:\s*chunked\s*)?$/i.test(lineOf(headers, 'Transfer-Encoding'))
  );
}

/** A browser follows the address and does not show the body. */
function isRedirect(status: unknown, headers: ResponseHeaders): boolean {
  return /^3\d\d$/.test(String(status)) && headers.get('Location') !== undefined;
}

/** Returns true if a value of `Content-Encoding` means that the bytes are not the text itself. */
export function isEncoded(contentEncoding: unknown): boolean {
  const text = [contentEncoding ?? []].flat().map(String).join(',');
  return !/^(?:\s*identity\s*)?$/i.test(text);
}

/** Changes the headers of a page that becomes longer, and that is for one person only. */
export function makeExtendable(headers: ResponseHeaders): void {
  for (const name of OF_OLD_BODY) if (headers.get(name) !== undefined) headers.remove(name);
  keepFromCaches(headers);
}

/** Changes the headers of a page that is for one person only. */
export function keepFromCaches(headers: ResponseHeaders): void {
  if (headers.get('ETag') !== undefined) headers.remove('ETag');
  for (const name of headers.names()) if (FOR_CACHES.test(name)) headers.remove(name);
  headers.set('Cache-Control', 'private, no-store');
}
