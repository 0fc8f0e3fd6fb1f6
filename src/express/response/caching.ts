import type { Response } from 'express';
import type { NamespaceOutcome } from '../../assignment/listener.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import { keepPrivate, markPrivate } from './private-response.ts';

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
  if (personal) markPersonal(res, vary);
  // No request header tells draws apart, nor who may override.
  if (reason === 'override') keepPrivate(res);
  else if (drawn) markPrivate(res);
}

/**
 * Has shared caches tell participants apart.
 *
 * @param vary as for {@link markCaching}
 */
export function markPersonal(res: Response, vary: string | undefined): void {
  if (vary !== undefined) addVary(res, vary);
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
