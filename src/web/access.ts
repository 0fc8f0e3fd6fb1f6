import type { Request } from 'express';
import type { OnceLogger } from '../runtime/logger.ts';

/** The options that open a page; see `ToolbarOptions`. */
export interface AccessOptions {
  /** The function whose options these are, for messages: `toolbar()`. */
  readonly where: string;
  readonly allow: ((req: Request) => unknown) | undefined;
  readonly allowIps: readonly string[];
  readonly once: OnceLogger;
}

/**
 * Returns a function that decides whether a request may see the pages of `where`. Never throws.
 *
 * Without `allow` and `allowIps`, it is open with `NODE_ENV=development`, and outside production if both the
 * address of the socket and the `Host` header are loopback, which stops DNS rebinding.
 */
export declare function createAccess(options: AccessOptions): (req: Request) => boolean;
