import type { Request } from 'express';
import { isByScript, isNavigation } from './page.ts';

/** The headers to which Express answers 304. */
const CONDITIONS = ['if-none-match', 'if-modified-since'];

/**
 * Removes the conditions of a request for a page. Express would compare them with the page's own `ETag` and
 * answer 304, and the browser would show its stored page, in which the toolbar is missing. Pages that were
 * extended have no `ETag` and are not stored. Requests for other things keep their conditions.
 */
export function askForWholePage(req: Request): void {
  if (req.method !== 'GET' || !isForPage(req)) return;
  for (const name of CONDITIONS) Reflect.deleteProperty(req.headers, name);
}

/** Turbo and htmx fetch pages by script. */
function isForPage(req: Request): boolean {
  if (isNavigation(req)) return true;
  const { headers } = req;
  if (!isByScript(req) && headers['sec-fetch-dest'] !== undefined) return false;
  return headers['hx-boosted'] === 'true' || /\btext\/html\b/i.test(headers.accept ?? '');
}
