import type { Request } from 'express';

/**
 * The headers by which browsers mark requests for pages that nobody sees yet: `Sec-Purpose` is the
 * standard's (Fetch, section 3.7), `Purpose` that of older Chrome and Safari, `X-Moz` that of older
 * Firefox.
 */
const PURPOSES = ['sec-purpose', 'purpose', 'x-moz'] as const;

/** `prefetch`, `prefetch;prerender`, `prefetch;anonymous-client-ip`, `preview`, alone or in a list. */
const SPECULATIVE = /(?:^|[\s,;])(?:prefetch|prerender|preview)(?:$|[\s,;])/i;

/**
 * Returns true if no person sees the response: to `HEAD`, which has no page, and to a request by which
 * a browser fetches or renders a page in advance.
 */
export function isUnseen(req: Request): boolean {
  // A mock in a test may have no headers.
  const { method, headers }: Partial<Pick<Request, 'method' | 'headers'>> = req;
  if (method === 'HEAD') return true;
  for (const name of PURPOSES) {
    const value = headers?.[name];
    if (value !== undefined && SPECULATIVE.test(String(value))) return true;
  }
  return false;
}
