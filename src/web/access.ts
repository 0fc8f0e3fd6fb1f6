import type { Request } from 'express';
import { thrownMessage } from '../errors/thrown.ts';
import { isListed, parseRanges } from '../express/cookies/address-ranges.ts';
import { ask, type AskedOption } from '../express/ask-once.ts';
import type { OnceLogger } from '../runtime/logger.ts';
import { isFromThisMachine } from './loopback.ts';

/** The options that open a page; see `ToolbarOptions`. */
export interface AccessOptions {
  /** The function whose options these are, for messages: `toolbar()`. */
  readonly where: string;
  readonly allow: ((req: Request) => unknown) | undefined;
  readonly allowIps: readonly string[];
  readonly once: OnceLogger;
}

/** Returns true if a request has access. */
export type Access = (req: Request) => boolean;

/**
 * Returns a function that decides whether a request may see the pages of `where`. It never throws: an
 * `allow` that throws, or returns anything but `true`, means no.
 *
 * Without `allow` and `allowIps`, it is open with `NODE_ENV=development`, and outside production if both the
 * address of the socket and the `Host` header are loopback, which stops DNS rebinding.
 *
 * @throws OptionError (`option`) for an entry of `allowIps` that is neither an address nor a range
 */
export function createAccess({ where, allow, allowIps, once }: AccessOptions): Access {
  if (allow === undefined && allowIps.length === 0) return openByDefault(where, once);
  const ranges = allowIps.length === 0 ? [] : parseRanges(`${where}: option "allowIps"`, allowIps);
  const option: AskedOption = {
    name: `${where}: the function "allow"`,
    effect: 'the request gets no access',
  };
  return (req) => {
    try {
      // Reading `req.ip` calls the application's "trust proxy" function.
      if (ranges.length > 0 && isListed(req.ip, ranges)) return true;
    } catch (error) {
      once.error(
        `${where} req.ip threw`,
        `evenhand: ${where}: req.ip failed, so ${option.effect}: ${thrownMessage(error)}`,
      );
      return false;
    }
    return allow !== undefined && ask(req, allow, option, once) === true;
  };
}

function openByDefault(where: string, once: OnceLogger): Access {
  const environment = process.env.NODE_ENV;
  if (environment === 'development') return () => true;
  if (environment !== 'production') return isFromThisMachine;
  once.warn(
    `${where} closed`,
    `evenhand: ${where} is closed in production; set "allow" or "allowIps" to open it for some requests`,
  );
  return () => false;
}
