import type { Request, Response } from 'express';
import type { Injection } from './injection.ts';
import { isByScript, mayAskForPage } from './page.ts';
import { WatchedResponse } from './watched-response.ts';
import { askForWholePage } from './whole-page.ts';

/** The responses whose methods are replaced. */
const watched = new WeakMap<object, WatchedResponse>();

/**
 * Adds markup behind the last byte of an HTML document; leaves all other responses byte for byte. A response
 * is extended once: a second injection is ignored. Never throws.
 */
export function injectAtEnd(req: Request, res: Response, injection: Injection): void {
  try {
    if (!mayAskForPage(req)) return;
    const response = watch(req, res);
    if (response.injection !== undefined) return;
    response.injection = injection;
    askForWholePage(req);
  } catch {
    // An exotic response, such as that of an upgrade, stays as it is.
  }
}

/**
 * Tells the script that made a request the id of the request's view, by the header
 * `Server-Timing: evenhand;desc="id"`. Files don't get it. Never throws.
 *
 * @param viewId called when the headers are about to be sent; undefined tells nothing
 */
export function tellScript(req: Request, res: Response, viewId: () => string | undefined): void {
  try {
    if (isByScript(req)) watch(req, res).viewId ??= viewId;
  } catch {
    // An exotic response, such as that of an upgrade, stays as it is.
  }
}

/**
 * Keeps a page out of all caches, because its template has placed the markup, which is for one person.
 * Never throws.
 */
export function keepPagePrivate(req: Request, res: Response): void {
  try {
    watch(req, res).hasMarkup = true;
  } catch {
    // An exotic response stays as it is.
  }
}

function watch(req: Request, res: Response): WatchedResponse {
  const known = watched.get(res);
  if (known !== undefined) return known;
  const response = new WatchedResponse(req, res);
  watched.set(res, response);
  return response;
}
