import type { Request, Response } from 'express';

/** Options of `toolbar()`. */
export interface ToolbarOptions {
  /**
   * Returns exactly `true` for a request that may see the toolbar and force variants. Must be synchronous; if
   * it throws or returns a promise, the toolbar stays closed. With `allow` or `allowIps`, nothing else opens
   * it. @default open with `NODE_ENV=development`, and outside production for requests from this machine to
   * this machine; otherwise closed
   */
  allow?: (req: Request) => boolean;
  /** Addresses and CIDR ranges that may see it too, compared with `req.ip`. @default [] */
  allowIps?: readonly string[];
  /** The beginning of the paths of its style sheet, script and forms. @default '/__evenhand' */
  path?: string;
  /** Links that force the same variants for others. @default off */
  share?: ShareOptions;
  /**
   * Context paths that are shown as "hidden", or a function that returns the value to show.
   * @default []
   */
  redact?: readonly string[] | ((path: string, value: unknown) => unknown);
  /** Returns the nonce of the response's policy, for policies that allow only nonces. @default none */
  nonce?: (req: Request, res: Response) => string | undefined;
  /** The corner of the page. @default 'bottom-right' */
  position?: 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left';
  /** The address of the dashboard, for a link: a path, or an `http:` or `https:` address. @default none */
  dashboard?: string;
  /** `false` adds nothing to pages and only sets `res.locals.evenhandToolbar`. @default true */
  inject?: boolean;
  /** Origins that may post its forms, for a proxy that changes `Host`. @default [] */
  trustedOrigins?: readonly string[];
}

/** Options of the share links of `toolbar()`. */
export interface ShareOptions {
  /**
   * The key of the signatures: at least 32 bytes, such as `openssl rand -base64 32` prints. In a list, the
   * first one signs and all of them verify.
   */
  secret: string | readonly string[];
  /** The time a link works, in milliseconds, [60,000, 604,800,000]. @default 86,400,000 (a day) */
  maxAgeMs?: number;
  /** `true` lets a link force variants for visitors who may not override. @default false */
  grants?: boolean;
  /** The experiments and namespaces that links may force. @default all */
  only?: readonly string[];
  /**
   * Returns the name of the person who shares, which visitors see before they accept a link. Called when a
   * link is made. Anything but a text means that the name is not known. @default not known
   */
  author?: (req: Request) => string | undefined;
}
