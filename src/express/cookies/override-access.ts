import type { Request } from 'express';
import type { OnceLogger } from '../../runtime/logger.ts';
import { thrownMessage } from '../../errors/thrown.ts';
import { ask, type AskedOption } from '../ask-once.ts';
import { isListed, parseRanges } from './address-ranges.ts';

/** Returns true if a request may override variants. */
export type OverrideAccess = (req: Request) => boolean;

/** The override cookie, with its defaults filled in; see `OverrideOptions`. */
export interface OverrideSettings {
  readonly cookie: string;
  /** Addresses and CIDR ranges. */
  readonly allowIps: readonly string[];
  readonly allow: ((req: Request) => boolean) | undefined;
  /** The query parameter; undefined if links can't override. */
  readonly parameter: string | undefined;
}

/** The option that permits overrides by a function. */
const ALLOW: AskedOption = { name: 'overrides.allow', effect: 'the override is ignored' };

/**
 * Returns a function that permits overrides. Outside production everyone may override. In production
 * only listed addresses may (by `req.ip`), and requests for which `allow` returns exactly `true`.
 *
 * @throws OptionError (`option`) for an entry that is neither an address nor a range
 */
export function createOverrideAccess(
  { allowIps, allow }: Omit<OverrideSettings, 'parameter'>,
  production: boolean,
  once: OnceLogger,
): OverrideAccess {
  // Most applications list none, and the parser need not be loaded.
  const ranges = allowIps.length === 0 ? [] : parseRanges('overrides.allowIps', allowIps);
  if (!production) return () => true;
  return (req) => {
    try {
      // Reading `req.ip` calls the application's "trust proxy" function.
      if (ranges.length > 0 && isListed(req.ip, ranges)) return true;
    } catch (error) {
      once.error(
        'req.ip threw',
        `evenhand: req.ip failed, so ${ALLOW.effect}: ${thrownMessage(error)}`,
      );
      return false;
    }
    return allow !== undefined && ask(req, allow, ALLOW, once) === true;
  };
}
