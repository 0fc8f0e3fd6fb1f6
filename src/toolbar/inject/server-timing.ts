// cspell:ignore maxage
import type { Request } from 'express';
import { isByScript } from './page.ts';
import { lineOf, type ResponseHeaders } from './response-headers.ts';

/** The types of files that an application serves as they are. */
const ASSET =
  /^\s*(?:(?:image|font|audio|video|model)\/|text\/(?:css|javascript)\b|application\/(?:javascript|ecmascript|wasm|font|manifest\+json)\b)/i;

/** A `Cache-Control` with which the response is used for other requests or other people. */
const SHARED = /(?:^|,)\s*(?:public|immutable|s-maxage\s*=)/i;

/** An id that needs no escaping in a header. */
const ID = /^[\w-]{1,128}$/;

/**
 * Returns true if the response may tell the id of its view: only to a script, and never a file, which is
 * the same whatever was decided.
 */
export function mayTellView(req: Request, headers: ResponseHeaders): boolean {
  return (
    isByScript(req) &&
    !ASSET.test(lineOf(headers, 'Content-Type')) &&
    // The package send, which serves the files of Express, answers ranges.
    headers.get('Accept-Ranges') === undefined &&
    !SHARED.test(lineOf(headers, 'Cache-Control'))
  );
}

/** Adds the id of a view to `Server-Timing`, behind the application's own metrics. */
export function tellView(headers: ResponseHeaders, id: unknown): void {
  if (typeof id !== 'string' || !ID.test(id)) return;
  const given = lineOf(headers, 'Server-Timing').trim();
  const metric = `evenhand;desc="${id}"`;
  headers.set('Server-Timing', given === '' ? metric : `${given}, ${metric}`);
}
