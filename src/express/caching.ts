import type { Response } from 'express';
import type { NamespaceOutcome, Outcome } from '../assignment/outcome.ts';

/**
 * Keeps shared caches from giving one participant's response to another one. Does nothing once the
 * headers are sent.
 *
 * @param vary the request headers participants are told apart by, separated by commas; undefined: no
 *   `Vary` is set
 */
export function markCaching(
  res: Response,
  { personal, drawn, reason }: Outcome | NamespaceOutcome,
  vary: string | undefined,
): void {
  if (personal && vary !== undefined) addVary(res, vary);
  // No request header tells draws apart, nor who may override.
  if (drawn || reason === 'override') markPrivate(res);
}

/**
 * To put it together with what is there is Express's; mostly there is nothing. Whether the headers are
 * sent is asked only when it fails: to ask costs each request as much as to set it.
 */
function addVary(res: Response, vary: string): void {
  if (res.getHeader('Vary') !== undefined) {
    if (!res.headersSent) res.vary(vary);
    return;
  }
  try {
    res.setHeader('Vary', vary);
  } catch (error) {
    if (!res.headersSent) throw error;
  }
}

/** `Cache-Control: private`, unless the application has set its own or the headers are sent. */
export function markPrivate(res: Response): void {
  if (res.headersSent || res.hasHeader('Cache-Control')) return;
  res.setHeader('Cache-Control', 'private');
}
