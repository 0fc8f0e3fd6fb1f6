import type { Request } from 'express';
import type { ExperimentsMiddleware } from '../middleware.ts';
import type { Inspection } from './inspection.ts';

/** What a toolbar adds to a request. */
export interface Attention {
  /** True if the decisions are to be noted. */
  readonly inspects: boolean;
  /** True if the request may use the override cookie, whatever `overrides.allow` says. */
  readonly mayOverride: boolean;
  /** Overrides that a share link grants; they win over the cookie. */
  readonly granted: ReadonlyMap<string, string> | undefined;
}

/**
 * Attends to a request: from now on, the middleware's decisions for it follow the attention. Works before
 * and after the request has met the middleware, until the first decision.
 *
 * @returns the notes, if the attention asks for them
 */
export declare function attend(
  experiments: ExperimentsMiddleware,
  req: Request,
  attention: Attention,
): Inspection | undefined;
